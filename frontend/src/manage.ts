// The manage page: media are put into order by hand, new files are dropped or pasted, and the words have their toolbar. The form sends
// all of it as it does without this file.

import { gather } from "./gather.js";
import { movable } from "./order.js";
import { copy, number, part, size, word } from "./words.js";

const form = document.querySelector<HTMLFormElement>("form.edit");
if (form) manage(form);

function manage(form: HTMLFormElement) {
  const status = part(document, "#composer-status");
  const text = part<HTMLTextAreaElement>(form, "textarea[name=text]");
  text.addEventListener("focus", async () => (await import("./editor.js")).edit(text), { once: true });

  const list = form.querySelector<HTMLElement>(".media-edit");
  if (list && list.children.length > 1) {
    const places = () => list.querySelectorAll<HTMLInputElement>("input[name^=order-]").forEach((input, at) => (input.value = String(at + 1)));
    for (const row of list.children as HTMLCollectionOf<HTMLElement>) {
      const name = part(row, "legend").textContent ?? "";
      const acts = copy("move-acts");
      acts.querySelectorAll(".of-file").forEach((one) => (one.textContent = name));
      part(row, ".place").hidden = true;
      part(row, ".thumb").before(acts);
    }
    movable(list, (row, place) => {
      places();
      status.textContent = word("order-moved", { name: part(row, "legend").textContent ?? "", place: number(place + 1), count: number(list.children.length) });
    });
  }

  const input = part<HTMLInputElement>(form, "input[type=file]");
  const added = part(form, ".added");
  const show = () => {
    added.replaceChildren(
      ...[...(input.files ?? [])].map((file) => {
        const row = document.createElement("li");
        const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
        row.append(name, ` · ${size(file.size)}`);
        return row;
      }),
    );
    added.hidden = !input.files?.length;
  };
  input.addEventListener("change", show);
  gather(
    (files) => {
      const all = new DataTransfer();
      for (const file of [...(input.files ?? []), ...files]) all.items.add(file);
      input.files = all.files;
      show();
      input.scrollIntoView({ block: "center" });
    },
    () => {},
  );
}
