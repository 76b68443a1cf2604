// The manage page: media are put into order by hand, the words have their toolbar, and files that are added go on their way at once, as
// in the composer. A form without such files is sent as it is without this file.

import { gather } from "./gather.js";
import { movable } from "./order.js";
import { type Picture, follow } from "./placed.js";
import { PublishError } from "./publish.js";
import { type Change, Conflict, type Row, type Standing, save } from "./save.js";
import { type Parcel, alone, dropParcel, filesOf, keepFile, keepParcel, newParcel, parcels } from "./shelf.js";
import { Tray } from "./tray.js";
import { Upload, UploadError } from "./tus.js";
import { copy, countable, digits, part, trouble, word } from "./words.js";
import { pageWire } from "./wire.js";

const form = document.querySelector<HTMLFormElement>("form.edit");
if (form) manage(form);

function manage(form: HTMLFormElement) {
  const status = part(document, "#composer-status");
  const say = (words: string) => (status.textContent = words);
  const text = part<HTMLTextAreaElement>(form, "textarea[name=text]");
  form.querySelectorAll<HTMLElement>("[data-live]").forEach((one) => (one.hidden = false));
  // Its number is a field of the form all the same.
  form.querySelectorAll<HTMLElement>(".place").forEach((one) => (one.hidden = true));
  const added = add(form, say, text);
  text.addEventListener("focus", async () => (await import("./editor.js")).edit(text, () => [...picturesOf(form), ...added()]), { once: true });
}

/**
 * Files that are added stand among the media that are there, and all are put into order together; those of an edit that is saved stand
 * above the form until they have arrived.
 */
function add(form: HTMLFormElement, say: (words: string) => void, text: HTMLTextAreaElement): () => Picture[] {
  const [, id = "", , secret = ""] = new URL(form.action).pathname.split("/");
  const list = part(form, ".media-edit");
  const note = part(form, ".saving");
  const button = part<HTMLButtonElement>(form, ".act button");
  const seen = part<HTMLInputElement>(form, "input[name=seen]");
  const limits = { files: Number(form.dataset["files"]) - document.querySelectorAll("form[id^=remove-]").length, bytes: Number(form.dataset["bytes"]) };
  /** How many media the words count before those that are added. */
  let before = form.querySelectorAll(".medium-edit").length;
  let now = fresh();
  /** Edits that are saved, and whose files are on their way. */
  const under: Tray[] = [];
  let touched = false;

  form.classList.add("live");
  form.addEventListener("input", () => (touched = true));
  const take = (files: File[]) => {
    if (files.length === 0) return;
    void keepParcel(now.parcel);
    now.tray.add(files);
  };
  for (const chooser of form.querySelectorAll<HTMLInputElement>(".drop input[type=file], .camera input")) {
    const chosen = () => {
      take([...(chooser.files ?? [])]);
      // The form itself must not send them a second time.
      chooser.value = "";
    };
    chooser.addEventListener("change", chosen);
    // What was chosen before this script was there.
    chosen();
  }
  movable(list, (row, place) => {
    list.querySelectorAll<HTMLInputElement>("input[name^=order-]").forEach((field, at) => (field.value = String(at + 1)));
    touched = true;
    now.tray.moved(row, place);
  });
  gather(
    (files) => {
      take(files);
      list.lastElementChild?.scrollIntoView({ block: "center" });
    },
    () => {},
  );
  let leaving = false;
  // What was typed is asked about, whatever else takes the page away; the post's own end says what it takes with it.
  addEventListener("submit", (event) => {
    const { target } = event;
    leaving = !event.defaultPrevented && (target === form || (target as HTMLFormElement).action.endsWith("/delete"));
  });
  form.addEventListener("submit", (event) => {
    if (now.tray.items.length === 0 && under.length === 0) return;
    event.preventDefault();
    if (!button.disabled) void send();
  });
  addEventListener("beforeunload", (event) => {
    if ((touched && !leaving) || [now.tray, ...under].some((tray) => tray.running())) event.preventDefault();
  });
  void leftBehind();
  return () => now.tray.pictures(before);

  /** An empty tray in its place. */
  function fresh() {
    const parcel: Parcel = { ...newParcel(), edits: id };
    // Another tab must not take it for one that was left behind.
    void alone(parcel.id, () => new Promise(() => {}));
    const tray = new Tray(list, parcel.id, limits, say, () => {});
    const count = (number: number | null) => (number === null ? null : before + number);
    tray.renumbered = (numbers) => follow(text, new Map([...numbers].map(([was, is]) => [before + was, count(is)])));
    return { parcel, tray };
  }

  async function send(): Promise<void> {
    button.disabled = true;
    note.textContent = word("manage-saving");
    try {
      const change = changeOf(form);
      const stills = await stillsOf(form);
      await now.tray.made();
      const rows = rowsOf(form, stills);
      const order = [...list.children].flatMap((row) => {
        const kept = now.tray.of(row)?.kept;
        return kept ? (kept.upload ? kept : []) : (rows.get(row) ?? []);
      });
      const waiting = () => (note.textContent = word(navigator.onLine ? "upload-again" : "upload-offline"));
      const standing = await save(pageWire, { id, secret, seen: Number(seen.value) }, change, order, before, waiting);
      seen.value = String(standing.revision);
      // What was named by a number has an id by now.
      if (text.value === (change["text"] ?? "")) text.value = standing.text;
      saved();
    } catch (error) {
      if (error instanceof Conflict) conflict(error.standing);
      else trouble(form, error instanceof PublishError && error.words ? error.words : word("manage-failed"));
    } finally {
      button.disabled = false;
      note.textContent = "";
    }
  }

  function saved() {
    document.querySelector("main > .trouble")?.remove();
    // What was asked for once must not be asked for again by the next Save.
    for (const [name, value] of [["password", ""], ["expires", ""], ["views-seen", field("views")?.value ?? ""]] as const) {
      const input = field(name);
      if (input) input.value = value;
    }
    for (const still of form.querySelectorAll<HTMLInputElement>("input[name^=still-]")) still.value = "";
    for (const own of form.querySelectorAll<HTMLInputElement>("input[name^=own-frame-]")) own.checked = false;
    const unlock = field("unlock");
    if (unlock) unlock.checked = false;
    touched = false;
    const { parcel, tray } = now;
    parcel.state = "published";
    void keepParcel(parcel);
    limits.files -= tray.wanted().length;
    before += tray.items.length;
    now = fresh();
    const under = part(copy("file-list"), "ol");
    tray.moveTo(under);
    onTheWay(tray, under, true);
  }

  /** The files of an edit that is saved. When all have arrived and nothing else was begun, the page shows them. */
  function onTheWay(tray: Tray, list: HTMLElement, isNew: boolean) {
    const box = copy("arriving");
    const told = part(box, ".outcome-status");
    box.append(list);
    form.before(box);
    part(box, ".good").hidden = !isNew;
    tray.freeze();
    under.push(tray);
    let last = "";
    const look = () => {
      const arrived = tray.items.every(({ state }) => state === "arrived");
      const words = arrived ? word("upload-all-arrived") : tray.told();
      if (words !== last) told.textContent = tray.items.length > 0 ? words : "";
      last = words;
      if (!tray.whole()) return;
      void tray.drop().then(() => {
        // What was not taken is told here, and would not be on the page that is drawn anew.
        if (arrived && !touched && now.tray.items.length === 0 && under.every((one) => one.items.every(({ state }) => state === "arrived"))) location.replace(`${new URL(form.action).pathname}?saved`);
      });
    };
    tray.changed = look;
    look();
    if (isNew) box.scrollIntoView({ block: "nearest" });
  }

  /** Somebody else's edit came first: it is told, with what stands there now; the next Save goes over it. */
  function conflict(standing: Standing) {
    const box = trouble(form, word("draft-changed"));
    const stands = copy("stands");
    part(stands, "strong").textContent = standing.title;
    part(stands, "pre").textContent = standing.text;
    box.append(stands);
    seen.value = String(standing.revision);
    box.scrollIntoView({ block: "center" });
  }

  function field(name: string) {
    return form.elements.namedItem(name) as HTMLInputElement | null;
  }

  /** What was under way when this page was left: an edit that was saved goes on, and files that were only added are there again. */
  async function leftBehind(): Promise<void> {
    const own = now.parcel.id;
    for (const parcel of (await parcels()).filter((one) => one.edits === id && one.id !== own)) {
      void alone(parcel.id, async () => {
        const files = await filesOf(parcel.id);
        if (files.length === 0) return dropParcel(parcel.id);
        if (parcel.state === "draft") {
          await keepParcel(now.parcel);
          const moved = files.map((kept) => ({ ...kept, parcel: now.parcel.id }));
          for (const kept of moved) await keepFile(kept, Infinity);
          await now.tray.restore(moved);
          return dropParcel(parcel.id);
        }
        const list = part(copy("file-list"), "ol");
        const tray = new Tray(list, parcel.id, limits, say, () => {});
        await tray.restore(files);
        onTheWay(tray, list, false);
        await new Promise(() => {});
      });
    }
  }
}

function changeOf(form: HTMLFormElement): Change {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "");
  const typed = digits(text("views"));
  const views = typed ? Number(typed) : null;
  if (!countable(views)) throw new PublishError(word("draft-views"));
  return {
    title: text("title") || null,
    text: text("text") || null,
    language: text("language") || null,
    listed: data.has("listed"),
    sensitive: data.has("sensitive"),
    ...(text("expires") ? { expires: text("expires") } : {}),
    ...(text("password") ? { password: text("password") } : data.has("unlock") ? { password: null } : {}),
    // Somebody may have opened it meanwhile: what the poster did not touch stays as it is.
    ...(typed === text("views-seen") ? {} : { views }),
  };
}

/** The media that are there, as what can be put among the words. */
const picturesOf = (form: HTMLFormElement): Picture[] =>
  [...form.querySelectorAll<HTMLElement>(".medium-edit")].map((row) => ({
    name: row.dataset["medium"] ?? "",
    number: Number(row.dataset["number"]),
    label: part(row, ".file-name").textContent ?? "",
    alt: part<HTMLInputElement>(row, "input[name^=alt-]").value,
    thumb: row.querySelector<HTMLImageElement>(".thumb img"),
  }));

/** Photos that shall stand in the place of videos, by the videos' ids: their uploads, which are sent before the edit that names them. */
async function stillsOf(form: HTMLFormElement): Promise<Map<string, string>> {
  const sent = new Map<string, string>();
  for (const input of form.querySelectorAll<HTMLInputElement>("input[name^=still-]")) {
    const [file] = input.files ?? [];
    if (!file) continue;
    const upload = new Upload(file, pageWire);
    try {
      await upload.create();
      await upload.send();
    } catch (error) {
      throw new PublishError(error instanceof UploadError ? (error.problem && `${file.name} ${word(`problem-${error.problem}`)}`) || error.words : "");
    }
    sent.set(input.name.slice("still-".length), new URL(upload.url, location.origin).href);
  }
  return sent;
}

/** The media that are there, as they shall be, by their rows. */
const rowsOf = (form: HTMLFormElement, stills: Map<string, string>): Map<Element, Row> =>
  new Map([...form.querySelectorAll<HTMLElement>(".medium-edit")].map((row) => {
    const caption = part<HTMLInputElement>(row, "input[name^=caption-]");
    const id = caption.name.slice("caption-".length);
    const still = stills.get(id);
    const own = row.querySelector<HTMLInputElement>("input[name^=own-frame-]")?.checked;
    return [row, {
      id,
      ...(still ? { still } : own ? { still: null } : {}),
      caption: caption.value.trim() || null,
      alt: part<HTMLInputElement>(row, "input[name^=alt-]").value.trim() || null,
      sensitive: part<HTMLInputElement>(row, "input[name^=cover-]").checked,
    }];
  }));
