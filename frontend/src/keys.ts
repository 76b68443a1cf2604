// Keys: an element with `data-key` is pressed by that key, and shows it. So there is one list of what can be done, and the page itself is it.
import { shown } from "./shown";
import { copy, part } from "./words";

const STORED = "handbill-keys-off";
const PRETTY: Record<string, string> = { Enter: "⏎" };

export const pretty = (key: string) => PRETTY[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** The words on something that can be pressed, without its key. */
export function wordsOf(element: Element): string {
  const label = element.closest("label") ?? element;
  const plain = label.cloneNode(true) as Element;
  plain.querySelectorAll("kbd, .hint, small, option, textarea, select").forEach((inner) => inner.remove());
  return (plain.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Whether its key is its own: of many of a kind the first one has it, unless something before it has that key. */
const isForemost = (element: HTMLElement) => !("foremost" in element.dataset) || document.querySelector(`[data-key="${element.dataset.key}"]`) === element;

/** Everything on the page that a key presses. */
export const pressable = () => [...document.querySelectorAll<HTMLElement>("[data-key]")].filter((element) => !element.closest("[inert], [hidden]") && isForemost(element));

/** Keys that press nothing by themselves, each with where there is a use for it. */
const others = () =>
  [...(document.querySelector<HTMLTemplateElement>("#more-keys")?.content.querySelectorAll<HTMLElement>("[data-press]") ?? [])].filter(
    ({ dataset }) => !dataset.where || document.querySelector(dataset.where),
  );

/** Whether somebody types there. The field of a dialog that was just closed keeps the focus until the next frame. */
const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && !target.closest("dialog:not([open])") && (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])"));

/** The key that was pressed: by its place on the keyboard where that writes no Latin letters. */
function pressed({ key, code }: KeyboardEvent): string {
  if (key === "?" || key === "؟") return "?";
  if (/^[a-z0-9]$/i.test(key)) return key.toLowerCase();
  if (key.length > 1) return key;
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? key;
}

/** Does what a press of this element does. */
export function press(element: HTMLElement): void {
  if (element.matches("textarea, select, input[type=text]")) {
    element.focus();
    element.scrollIntoView({ block: "nearest" });
    return;
  }
  element.click();
  if (element.matches("summary")) element.parentElement?.querySelector<HTMLElement>(":scope[open] textarea")?.focus();
  if (element.matches("input[type=radio]")) {
    element.focus({ preventScroll: true });
    // Withholding is in countries: those come next.
    if (element instanceof HTMLInputElement && element.value === "withhold") document.querySelector<HTMLInputElement>("[name=countries]")?.focus();
  }
}

/** Goes to the next or the previous row. */
function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-step]:not(:disabled)")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function show(element: HTMLElement, keys: string[]): void {
  const place = element.matches("textarea, select") ? (element.closest("label")?.querySelector(".label") ?? element) : element.matches("input") ? (element.closest("label") ?? element) : element;
  for (const key of keys) {
    const mark = document.createElement("kbd");
    mark.textContent = pretty(key);
    // A screen reader is told by the attribute.
    mark.ariaHidden = "true";
    place.append(" ", mark);
  }
  if (element.dataset.key) element.setAttribute("aria-keyshortcuts", element.dataset.key);
}

/** Marks what a key presses, also what came later. */
export function mark(scope: ParentNode = document): void {
  for (const element of scope.querySelectorAll<HTMLElement>("[data-key]:not([aria-keyshortcuts])")) if (isForemost(element)) show(element, [element.dataset.key ?? ""]);
  for (const element of scope.querySelectorAll<HTMLElement>("[data-shows]")) {
    show(element, (element.dataset.shows ?? "").split(" "));
    element.removeAttribute("data-shows");
  }
}

const isOff = () => {
  try {
    return localStorage.getItem(STORED) === "1";
  } catch {
    return false;
  }
};

export function keys(): (element: HTMLElement) => void {
  const dialog = document.querySelector<HTMLDialogElement>("#keys");
  if (!dialog) return press;
  for (const opener of document.querySelectorAll<HTMLElement>("[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => document.querySelector<HTMLDialogElement>(`#${opener.dataset.opens}`)?.showModal());
  }
  mark();
  const on = part<HTMLInputElement>(dialog, "input");
  on.checked = !isOff();
  document.documentElement.classList.toggle("keys", on.checked);
  on.addEventListener("change", () => {
    document.documentElement.classList.toggle("keys", on.checked);
    try {
      localStorage.setItem(STORED, on.checked ? "0" : "1");
    } catch {
      // It holds for this page, then.
    }
  });
  const list = part(dialog, "dl");
  new MutationObserver(() => {
    if (!dialog.open) return;
    const row = (key: string, words: string) => {
      const row = copy("key-row");
      part(row, "kbd").textContent = pretty(key);
      part(row, "dd").textContent = words;
      return row;
    };
    list.replaceChildren(
      ...pressable()
        .filter((element, number, all) => all.findIndex((one) => one.dataset.key === element.dataset.key) === number)
        .map((element) => row(element.dataset.key ?? "", wordsOf(element))),
      ...others().map((element) => row(element.dataset.press ?? "", wordsOf(element))),
    );
  }).observe(dialog, { attributeFilter: ["open"] });

  addEventListener("keydown", (event) => {
    const { target } = event;
    // Done already: the Enter that ran an entry of the palette, and closed it, does not decide as well.
    if (event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) {
      // By the form's one button, whose name may be what is said; of several, somebody has to choose.
      const buttons = [...(target.form?.querySelectorAll<HTMLButtonElement>("button[type=submit]:not([hidden])") ?? [])];
      if (buttons.length !== 1) return;
      event.preventDefault();
      if (!event.repeat) target.form?.requestSubmit(buttons[0]);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && isTyping(target)) {
      (target as HTMLElement).blur();
      return;
    }
    if (isTyping(target) || !document.documentElement.classList.contains("keys")) return;
    const key = pressed(event);
    if (key === "Enter") {
      // Links, buttons and headings that open do by it what they always do.
      if (target instanceof Element && target.closest("a, button, summary")) return;
      const button = document.querySelector<HTMLElement>("[data-key=Enter]");
      if (!button || button.closest("[inert]")) return;
      event.preventDefault();
      if (!event.repeat) button.click();
      return;
    }
    // A key that is held down is pressed once.
    if (event.repeat && key !== "j" && key !== "k") {
      if (pressable().some((element) => element.dataset.key === key)) event.preventDefault();
      return;
    }
    if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "x" && document.activeElement?.matches("input[type=checkbox][data-step]")) (document.activeElement as HTMLElement).click();
    else if (key !== "l") {
      const element = pressable().find((one) => one.dataset.key === key);
      if (!element) return;
      event.preventDefault();
      press(element);
      return;
    } else return;
    event.preventDefault();
  }, { signal: shown() });
  return press;
}
