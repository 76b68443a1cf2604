// What was typed: when a session has ended its page goes at once, for it shows what only they may see who are signed in. What stood in its fields comes back
// to the same page, in this tab alone, as soon as the same person has signed in again; anybody else's coming destroys it. A case that is left for another
// page, by a link or by one of its other forms, keeps what was typed in the same way, without a word.
import { shown } from "./shown";

const STORED = "handbill-typed";
/** Pages whose fields are kept; of more, the oldest are forgotten. */
const PAGES = 20;

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Kept = { who: string; page: string; silently: boolean; typed: [string, string][] };

// A page that a form was answered with stands at another address than the case that it shows.
const page = () => document.querySelector<HTMLElement>("[data-case]")?.dataset.case ?? location.pathname;
const who = () => document.querySelector(".me")?.textContent ?? "";
const isTick = (field: Field): field is HTMLInputElement => field.matches("[type=radio], [type=checkbox]");
const valueOf = (field: Field) => (isTick(field) ? String(field.checked) : field.value);

/** What it held when the page was drawn. */
function drawn(field: Field): string {
  if (isTick(field)) return String(field.defaultChecked);
  if (field instanceof HTMLSelectElement) return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
  return field.defaultValue;
}

/** Everything on the page that somebody can fill, by a name that holds for the page's next drawing. Of forms to the same address none can be told from the others. */
function fields(): [string, Field][] {
  // A field of a form may be named like its property, and hides that.
  const to = (form: HTMLFormElement) => form.getAttribute("action") ?? "";
  const forms = [...document.querySelectorAll<HTMLFormElement>("main form")];
  return forms
    .filter((form) => forms.filter((other) => to(other) === to(form)).length === 1)
    .flatMap((form) =>
      ([...form.elements] as Field[])
        .filter((field) => field.matches("textarea, select, input:not([type=hidden])"))
        .map((field): [string, Field] => [`${to(form)} ${field.name} ${isTick(field) ? field.value : ""}`, field]),
    );
}

function all(): Kept[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
    return Array.isArray(kept) ? (kept as Kept[]) : [];
  } catch {
    // What cannot be read is as good as nothing.
    return [];
  }
}

function store(kept: Kept[]): void {
  try {
    if (kept.length === 0) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, JSON.stringify(kept.slice(-PAGES)));
  } catch {
    // Nothing can be kept here, then.
  }
}

/** What it is that is sent now: it is with the site, and does not come back. */
let sent: HTMLFormElement | null = null;
/** All is said about what was typed on this page. */
let settled = false;

/** Keeps what was typed, before the page goes; but for what was `sent`. */
export function keep(silently = false): void {
  if (settled) return;
  settled = !silently;
  const typed = fields()
    .filter(([, field]) => field.form !== sent && valueOf(field) !== drawn(field))
    .map(([name, field]): [string, string] => [name, valueOf(field)]);
  const others = all().filter((kept) => kept.page !== page());
  store(typed.length === 0 ? others : [...others, { who: who(), page: page(), silently, typed }]);
}

/** How long a page may take to go before it is asked again. */
const GOING_MS = 30_000;
let going = false;

/** Led to the door: the session has ended, or they were shut out. What stands here is for nobody any more; the page goes once, whoever finds it out. */
export function shutOut(): void {
  // Another would break off the one that is under way. Whoever stops it stops it for that long.
  if (going) return;
  going = true;
  setTimeout(() => (going = false), GOING_MS);
  document.body.classList.add("covered");
  keep();
  location.reload();
}

/** What this form holds is done with. */
export function done(form: HTMLFormElement): void {
  sent = form;
}

/** Puts back what was kept, says so where somebody may wonder, and keeps what is typed from here on. */
export function putBack(): void {
  sent = null;
  settled = false;
  const says = document.querySelector<HTMLElement>("[data-put-back]");
  const everything = all();
  if (everything.some((kept) => kept.who !== who())) return store([]);
  // They may come to it by another page, and a page that cannot be filled now may be later.
  if (!says) return;
  const kept = everything.find((one) => one.page === page());
  if (kept) {
    store(everything.filter((one) => one !== kept));
    const typed = new Map(kept.typed);
    for (const [name, field] of fields()) {
      const value = typed.get(name);
      if (value === undefined) continue;
      if (isTick(field)) field.checked = value === "true";
      else if (!(field instanceof HTMLSelectElement) || [...field.options].some((option) => option.value === value)) field.value = value;
      const fold = field.closest("details");
      if (fold) fold.open = true;
      says.hidden = kept.silently;
    }
  }
  document.addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
    if (defaultPrevented || !(target instanceof HTMLFormElement)) return;
    // Whoever signs out leaves nothing behind.
    if (target.getAttribute("action") === "/console/sign-out") {
      settled = true;
      return store([]);
    }
    // What is sent elsewhere than to its form's own address is only a part of it.
    sent = submitter?.hasAttribute("formaction") ? null : target;
  }, { signal: shown() });
  addEventListener("pagehide", () => keep(true), { signal: shown() });
  // Back, with everything as it was.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    sent = null;
    settled = false;
    store(all().filter((kept) => kept.page !== page()));
  }, { signal: shown() });
}
