// The words and the markup of the islands: both are drawn by the server, in the reader's language, and only filled here.

const language = document.documentElement.lang || "en";
/** Arabic digits, as the server writes them: browsers do not agree on them. */
export const locale = language === "ar" ? "ar-u-nu-arab" : language;

/** The words under a key of `<template id="words">`, with `{name}` replaced by each of `values`. */
export function word(key: string, values: Record<string, string> = {}): string {
  const words = document.querySelector<HTMLTemplateElement>("#words")?.content.querySelector(`[data-word="${key}"]`)?.textContent ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A copy of the first element in `<template id="…">`. */
export function copy(id: string): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>(`#${id}`);
  if (!template) throw new Error(`there is no template ${id}`);
  return document.importNode(template.content, true).firstElementChild as HTMLElement;
}

/** The element that an island's markup has to hold. */
export function part<Found extends HTMLElement = HTMLElement>(scope: ParentNode, selector: string): Found {
  const found = scope.querySelector<Found>(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
}

/** People write numbers in the digits of their language. */
export const digits = (typed: string) => typed.trim().replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));

/** Whether `views` is a number of openings that the site takes; `null` is any number. A limit must not get lost on the way. */
export const countable = (views: number | null) => views === null || (Number.isInteger(views) && views > 0 && views <= 1_000_000);

const unit = (name: string, digits = 0) =>
  new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits });

export const number = (value: number) => new Intl.NumberFormat(locale).format(value);

export const percent = (part: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(Math.floor(part * 100) / 100);

export function size(bytes: number): string {
  for (const [least, name] of [[1e9, "gigabyte"], [1e6, "megabyte"], [1e3, "kilobyte"]] as const) {
    if (bytes >= least) return unit(name, bytes < 10 * least ? 1 : 0).format(bytes / least);
  }
  return new Intl.NumberFormat(locale, { style: "unit", unit: "byte", unitDisplay: "long" }).format(bytes);
}

export const speed = (bytesPerSecond: number) =>
  bytesPerSecond >= 1e6
    ? unit("megabyte-per-second", 1).format(bytesPerSecond / 1e6)
    : unit("kilobyte-per-second").format(Math.max(1, bytesPerSecond / 1e3));

export function time(seconds: number): string {
  if (seconds < 90) return unit("second").format(Math.max(1, Math.round(seconds)));
  return seconds < 5400 ? unit("minute").format(Math.round(seconds / 60)) : unit("hour", 1).format(seconds / 3600);
}

/** Says before a form what is wrong with it; in the place of what was wrong before. Gives the box, for more words. */
export function trouble(form: HTMLElement, words: string): HTMLElement {
  form.parentElement?.querySelector(":scope > .trouble")?.remove();
  const box = copy("trouble");
  part(box, "p").textContent = words;
  form.before(box);
  box.scrollIntoView({ block: "nearest" });
  return box;
}
