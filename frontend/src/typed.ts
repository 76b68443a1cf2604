// What was typed: when a session has ended its page goes at once, for it shows what only they may see who are signed in. What stood in its fields comes back
// to the same page, in this tab alone, as soon as the same person has signed in again; anybody else's coming destroys it.

const STORED = "handbill-typed";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
type Kept = { who: string; page: string; typed: [string, string][] };

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

/** Keeps what was typed, before the page goes. */
export function keep(): void {
  const typed = fields()
    .filter(([, field]) => valueOf(field) !== drawn(field))
    .map(([name, field]): [string, string] => [name, valueOf(field)]);
  if (typed.length === 0) return;
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ who: who(), page: page(), typed } satisfies Kept));
  } catch {
    // Nothing can be kept here, then.
  }
}

/** Puts back what was kept, and says so. */
export function putBack(): void {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED) ?? "null") as Kept | null;
    if (!kept) return;
    const says = document.querySelector<HTMLElement>("[data-put-back]");
    const isTheirs = kept.who === who();
    // They may come to it by another page, and a page that cannot be filled now may be later.
    if (isTheirs && (kept.page !== page() || !says)) return;
    sessionStorage.removeItem(STORED);
    if (!isTheirs || !says) return;
    const typed = new Map(kept.typed);
    for (const [name, field] of fields()) {
      const value = typed.get(name);
      if (value === undefined) continue;
      if (isTick(field)) field.checked = value === "true";
      else if (!(field instanceof HTMLSelectElement) || [...field.options].some((option) => option.value === value)) field.value = value;
      const fold = field.closest("details");
      if (fold) fold.open = true;
      says.hidden = false;
    }
  } catch {
    // What cannot be read is as good as nothing.
  }
}
