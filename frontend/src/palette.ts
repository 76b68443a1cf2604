// The palette: finds anything that can be done on this page, any page of the console, and by asking the site any case, post or party.
import { pressable, pretty, wordsOf } from "./keys";
import { shown } from "./shown";
import { copy, part } from "./words";

type Entry = { what: string; words: string; detail: string; key: string; go: () => void };
type Found = { found: { url: string; what: string; detail: string }[] };

const plain = (words: string) => words.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

/** What it is called besides. */
const more = (element: HTMLElement) => element.dataset.words ?? "";

/** What is chosen beside it and goes with it, such as for how long. */
const chosen = (element: HTMLElement) =>
  ("does" in element.dataset && element.closest("form")?.querySelector("select")?.selectedOptions[0]?.textContent?.trim()) || "";

/** 2: a word of it begins so; 1: it stands somewhere in it; 0: nowhere. */
function nearness(typed: string, { what, words }: Entry): number {
  const all = plain(`${what}, ${words}`);
  const begins = (at: number): boolean => at >= 0 && (!/[\p{L}\p{N}]/u.test(all[at - 1] ?? " ") || begins(all.indexOf(typed, at + 1)));
  return typed === "" || begins(all.indexOf(typed)) ? 2 : all.includes(typed) ? 1 : 0;
}

export function palette(press: (element: HTMLElement) => void): void {
  const dialog = document.querySelector<HTMLDialogElement>("#palette");
  if (!dialog) return;
  const field = part<HTMLInputElement>(dialog, "input");
  const list = part(dialog, "ul");
  const says = part(dialog, "[role=status]");
  let entries: Entry[] = [];
  let at = 0;
  let asked = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  // What the page is about comes before the tools that stand on every page.
  const here = (): Entry[] =>
    [...pressable(), ...document.querySelectorAll<HTMLElement>("[data-does], .console-nav li a")]
      .filter((element) => !element.closest("dialog, [inert], [hidden]"))
      .sort((one, other) => Number(!one.closest("main")) - Number(!other.closest("main")))
      .map((element) => ({ what: wordsOf(element), words: more(element), detail: chosen(element), key: pretty(element.dataset.key ?? ""), go: () => press(element) }));

  const choose = (to: number) => {
    at = entries.length === 0 ? 0 : (to + entries.length) % entries.length;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    const row = list.children[at];
    field.setAttribute("aria-activedescendant", row?.id ?? "");
    row?.scrollIntoView({ block: "nearest" });
  };

  // A link, pressed: what holds for links holds for it.
  const visit = (url: string) => {
    const link = document.createElement("a");
    link.href = url;
    document.body.append(link);
    link.click();
    link.remove();
  };

  const run = () => {
    const entry = entries[at];
    if (!entry) return;
    dialog.close();
    entry.go();
  };

  const draw = (found: Entry[], chosen = 0) => {
    entries = found;
    list.replaceChildren(
      ...entries.map((entry, number) => {
        const row = copy("palette-row");
        row.id = `palette-${number}`;
        part(row, ".what").textContent = entry.what;
        part(row, ".detail").textContent = entry.detail;
        const key = part(row, "kbd");
        key.textContent = entry.key;
        key.hidden = entry.key === "";
        row.addEventListener("pointermove", () => number !== at && choose(number));
        row.addEventListener("click", () => {
          at = number;
          run();
        });
        return row;
      }),
    );
    choose(chosen);
  };

  const search = async (words: string, own: Entry[]) => {
    const round = asked;
    try {
      const answer = await fetch(`/console/find?q=${encodeURIComponent(words)}`, { headers: { accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { found } = (await answer.json()) as Found;
      if (round !== asked) return;
      // Own entries stay where they were, and so does what was chosen of them.
      draw([...own, ...found.map(({ url, what, detail }) => ({ what, words: "", detail, key: "", go: () => visit(url) }))], at);
      says.textContent = entries.length === 0 ? (says.dataset.none ?? "") : "";
    } catch {
      if (round === asked) says.textContent = says.dataset.failed ?? "";
    }
  };

  const look = () => {
    clearTimeout(waiting);
    // What comes late of what was typed before is not drawn any more.
    asked += 1;
    const words = plain(field.value.trim());
    const own = here()
      .map((entry) => ({ entry, near: nearness(words, entry) }))
      .filter(({ near }) => near > 0)
      .sort((one, other) => other.near - one.near)
      .map(({ entry }) => entry);
    draw(own);
    says.textContent = "";
    if (words.length >= 2) waiting = setTimeout(() => void search(field.value.trim(), own), 120);
  };

  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter" && !event.repeat) run();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  new MutationObserver(() => {
    if (!dialog.open) return;
    field.value = "";
    look();
    field.focus();
  }).observe(dialog, { attributeFilter: ["open"] });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.repeat) return;
    if (event.key.toLowerCase() !== "k" && event.code !== "KeyK") return;
    const other = document.querySelector<HTMLDialogElement>("dialog[open]");
    if (other && other !== dialog) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else dialog.showModal();
  }, { signal: shown() });
}
