// A light toolbar over the words, and how they will look. Loaded when somebody begins to write; the text stays plain Markdown.

import { type Picture, copyOf } from "./placed.js";
import { copy, part, word } from "./words.js";

type Deed = (text: HTMLTextAreaElement) => void;

const DEEDS: Record<string, Deed> = {
  bold: (text) => around(text, "**"),
  italic: (text) => around(text, "*"),
  code: (text) => (picked(text).includes("\n") ? insert(text, `\`\`\`\n${picked(text)}\n\`\`\``) : around(text, "`")),
  heading: (text) => lines(text, (line) => (/^#{1,6} /.test(line) ? line.replace(/^#+ /, "") : `## ${line}`)),
  list: (text) => lines(text, (line) => (line.startsWith("- ") ? line.slice(2) : `- ${line}`)),
  quote: (text) => lines(text, (line) => (line.startsWith("> ") ? line.slice(2) : `> ${line}`)),
  link: (text) => {
    const words = picked(text);
    if (/^https?:\/\/\S+$/.test(words)) {
      insert(text, `[](${words})`);
      caret(text, text.selectionEnd - words.length - 3);
    } else {
      insert(text, `[${words}](https://)`);
      caret(text, words ? text.selectionEnd - 1 : text.selectionEnd - 11);
    }
  },
};
const KEYS: Record<string, string> = { b: "bold", i: "italic", k: "link" };

/** Puts the toolbar over `text`; `pictures` are what can be put between its paragraphs. */
export function edit(text: HTMLTextAreaElement, pictures: () => Picture[]) {
  const bar = copy("editor");
  const preview = part(bar, ".preview");
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>(".tools button")];
  const look = part<HTMLButtonElement>(bar, ".look");
  text.before(part(bar, ".tools"));
  const choices = part<HTMLDialogElement>(bar, ".pictures");
  text.parentElement?.append(part(bar, ".under"), preview, choices);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (button.dataset["deed"] === "picture") return choose(choices, text, pictures());
      DEEDS[button.dataset["deed"] ?? ""]?.(text);
      text.focus();
    });
    // A press must not take the selection away from the words.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
  }
  // One stop for the whole bar; arrows go along it.
  const tools = buttons[0]?.parentElement;
  buttons.forEach((button, at) => (button.tabIndex = at === 0 ? 0 : -1));
  tools?.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(tools).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : event.key.startsWith("Arrow") ? (at + (event.key === forward || event.key === "ArrowDown" ? 1 : -1) + buttons.length) % buttons.length : -1;
    if (to < 0) return;
    event.preventDefault();
    buttons.forEach((button, index) => (button.tabIndex = index === to ? 0 : -1));
    buttons[to]?.focus();
  });
  text.addEventListener("keydown", (event) => {
    const deed = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? DEEDS[KEYS[event.key] ?? ""] : undefined;
    if (!deed) return;
    event.preventDefault();
    deed(text);
  });

  let shown = false;
  let later = 0;
  const draw = async () => {
    const { render } = await import("./preview.js");
    preview.replaceChildren(...render(text.value, pictures()));
    if (!text.value.trim()) preview.textContent = word("preview-empty");
  };
  look.addEventListener("click", () => {
    shown = !shown;
    look.setAttribute("aria-expanded", String(shown));
    preview.hidden = !shown;
    if (shown) void draw();
  });
  text.addEventListener("input", () => {
    if (!shown) return;
    clearTimeout(later);
    later = setTimeout(() => void draw(), 150) as unknown as number;
  });
}

/** Asks which of the pictures, and puts it on a line of its own below the one that is being written. */
function choose(choices: HTMLDialogElement, text: HTMLTextAreaElement, pictures: Picture[]) {
  const list = part(choices, "ul");
  // A dialog that closes gives the focus back, and not where it was in the words.
  const end = text.selectionEnd;
  part(choices, ".pictures-none").hidden = pictures.length > 0;
  list.hidden = pictures.length === 0;
  list.replaceChildren(
    ...pictures.map((picture) => {
      const row = copy("picture-choice");
      part(row, "bdi").textContent = picture.label;
      const thumb = copyOf(picture.thumb);
      if (thumb) {
        if (thumb instanceof HTMLImageElement) thumb.alt = "";
        part(row, ".thumb").append(thumb);
      }
      part(row, "button").addEventListener("click", () => {
        choices.close();
        // What stands between the brackets must not end them.
        between(text, end, `![${picture.alt.replace(/[[\]\\]/g, " ")}](media:${picture.name})`);
      });
      return row;
    }),
  );
  part(choices, ":scope > button").onclick = () => choices.close();
  choices.showModal();
}

/** Puts `words` between paragraphs, behind the line of `end`. */
function between(text: HTMLTextAreaElement, end: number, words: string) {
  const stop = text.value.indexOf("\n", end);
  const at = stop < 0 ? text.value.length : stop;
  const before = text.value.slice(0, at);
  const after = text.value.slice(at);
  text.focus();
  caret(text, at);
  insert(text, `${!before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n"}${words}${after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n"}`);
}

const picked = (text: HTMLTextAreaElement) => text.value.slice(text.selectionStart, text.selectionEnd);

const caret = (text: HTMLTextAreaElement, at: number) => text.setSelectionRange(at, at);

/** Replaces what is selected, so that it can be undone. */
function insert(text: HTMLTextAreaElement, words: string) {
  text.focus();
  // Deprecated, and the only way that keeps the browser's undo.
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function around(text: HTMLTextAreaElement, mark: string) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const words = picked(text);
  if (value.slice(0, start).endsWith(mark) && value.slice(end).startsWith(mark)) {
    text.setSelectionRange(start - mark.length, end + mark.length);
    insert(text, words);
    text.setSelectionRange(start - mark.length, end - mark.length);
    return;
  }
  insert(text, mark + words + mark);
  text.setSelectionRange(start + mark.length, end + mark.length);
}

/** Changes the lines that the selection touches. */
function lines(text: HTMLTextAreaElement, change: (line: string) => string) {
  const { selectionStart, selectionEnd, value } = text;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const stop = value.indexOf("\n", selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const changed = value.slice(start, end).split("\n").map(change).join("\n");
  text.setSelectionRange(start, end);
  insert(text, changed);
  if (selectionStart === selectionEnd) caret(text, start + changed.length);
  else text.setSelectionRange(start, start + changed.length);
}
