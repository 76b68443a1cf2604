// A draft of the words that survives a reload, in this browser alone. Each tab has its own, and takes up one that a closed tab has left.
// Never the password. Gone when the post is out, or at a press: nothing that was still to be written down then brings it back.

import { alone, secret } from "./shelf.js";

const PREFIX = "handbill-draft:";
const FIELDS = ["title", "text", "language", "expires", "views"] as const;
const SWITCHES = ["listed", "sensitive"] as const;

type Draft = Record<string, string | boolean | number>;

const PAUSE_MS = 400;

let own = "";
let later = 0;

const field = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLInputElement | null;

/** Writes down what stands in the form once nobody has typed for a moment; tells whether that was possible and there was something. */
export function keepSoon(form: HTMLFormElement, told: (kept: boolean) => void) {
  clearTimeout(later);
  later = setTimeout(() => told(keep(form)), PAUSE_MS) as unknown as number;
}

/** Writes it down now. */
export function keep(form: HTMLFormElement): boolean {
  clearTimeout(later);
  const draft: Draft = { at: Date.now(), locked: Boolean(field(form, "password")?.value) };
  for (const name of FIELDS) draft[name] = field(form, name)?.value ?? "";
  for (const name of SWITCHES) draft[name] = field(form, name)?.checked ?? false;
  try {
    own ||= secret(9);
    if (!draft["title"] && !draft["text"]) {
      localStorage.removeItem(PREFIX + own);
      return false;
    }
    localStorage.setItem(PREFIX + own, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** What came back: nothing, words, or words of a post that was to have a password, which has to be typed again. */
export type Restored = "nothing" | "words" | "locked";

/** Fills the form with a draft that no other tab has in hand, where there is one and nothing stands there yet. */
export async function restore(form: HTMLFormElement): Promise<Restored> {
  for (const [name, draft] of left()) {
    // Somebody was quicker than the storage: what they write now is another draft.
    if (own || !(await claim(name))) continue;
    own = name;
    if (field(form, "title")?.value || field(form, "text")?.value) return "nothing";
    fill(form, draft);
    return draft["locked"] ? "locked" : "words";
  }
  own ||= secret(9);
  void claim(own);
  return "nothing";
}

/** Lays what was written before into the form, and opens the options if one of them is set. */
export function fill(form: HTMLFormElement, draft: Record<string, unknown>) {
  for (const name of FIELDS) {
    const input = field(form, name);
    const value = draft[name];
    if (input && (typeof value === "string" || typeof value === "number")) input.value = String(value);
  }
  for (const name of SWITCHES) {
    const input = field(form, name);
    if (input && typeof draft[name] === "boolean") input.checked = draft[name];
  }
  const set = draft["locked"] || draft["listed"] || draft["sensitive"] || draft["views"] || draft["language"] || !["", "never", undefined].includes(draft["expires"] as string);
  if (set) form.querySelector<HTMLDetailsElement>("details.options")?.setAttribute("open", "");
}

export function forget() {
  clearTimeout(later);
  try {
    localStorage.removeItem(PREFIX + own);
  } catch {
    // Storage is switched off: there is nothing to forget.
  }
}

/**
 * Where a browser has no locks, two tabs may have one draft. If the other tab is done with it, this one does not write it down again;
 * `gone` is told whether these words still stand here, untouched.
 */
export function heed(form: HTMLFormElement, gone: (untouched: boolean) => void) {
  addEventListener("storage", ({ key, oldValue, newValue }) => {
    if (!own || key !== PREFIX + own || newValue !== null) return;
    clearTimeout(later);
    own = secret(9);
    const was = JSON.parse(oldValue ?? "{}") as Draft;
    gone((["title", "text"] as const).every((name) => field(form, name)?.value === was[name]));
  });
}

/** The drafts of all tabs, the newest first. */
function left(): [string, Draft][] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    const drafts = names.map((name): [string, Draft] => [name.slice(PREFIX.length), JSON.parse(localStorage.getItem(name) ?? "{}") as Draft]);
    return drafts.sort(([, one], [, other]) => Number(other["at"]) - Number(one["at"]));
  } catch {
    return [];
  }
}

/** Has it in hand for as long as this page is open; false if another page has. */
const claim = (name: string) =>
  new Promise<boolean>((done) => {
    const deed = () => {
      done(true);
      return new Promise<void>(() => {});
    };
    void alone(`draft-${name}`, deed).then((had) => had || done(false));
  });
