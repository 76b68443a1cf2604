// Looking: a picture is asked for one by one, stays small, grey and blurred, and grows sharper by degrees only while a key, a finger or the pointer is kept on it.
import { shown } from "./shown";
import { part } from "./words";

const DEGREES = 4;
const DEGREE_MS = 650;

/** A look was counted: what the page says of today is said anew. */
async function counted(): Promise<void> {
  const told = document.querySelector(".today");
  const answer = told ? await fetch("/console?part=list", { redirect: "manual" }).catch(() => null) : null;
  if (!told || !answer?.ok) return;
  const list = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = list.querySelector(".today")?.firstChild?.textContent?.trim();
  if (now) told.textContent = now;
}

export function looks(): void {
  const all = [...document.querySelectorAll<HTMLElement>("[data-look]")];
  if (all.length === 0) return;
  let timer: ReturnType<typeof setInterval> | undefined;

  const blur = () => {
    clearInterval(timer);
    timer = undefined;
    for (const picture of document.querySelectorAll<HTMLElement>("img.dim")) delete picture.dataset.degree;
  };
  shown().addEventListener("abort", blur);
  const sharpen = (picture: HTMLElement) => {
    blur();
    let degree = 0;
    const more = () => {
      degree = Math.min(DEGREES, degree + 1);
      picture.dataset.degree = String(degree);
    };
    more();
    timer = setInterval(more, DEGREE_MS);
  };
  const open = (place: HTMLElement): HTMLElement => {
    const there = place.querySelector<HTMLElement>("img");
    if (there) return there;
    const picture = new Image();
    // What it is stands beside it in words; said twice it would be read twice.
    picture.alt = "";
    picture.className = "dim";
    picture.draggable = false;
    picture.addEventListener("error", () => {
      picture.remove();
      part(place, "[data-failed]").hidden = false;
    });
    picture.addEventListener("load", () => {
      // It was scrolled to before anybody knew how high it is.
      place.scrollIntoView({ block: "nearest" });
      void counted();
    });
    picture.src = place.dataset.look ?? "";
    place.querySelector("a")?.remove();
    part(place, ".what").after(picture);
    return picture;
  };

  /** Whoever came by the keyboard stays at it: the link that had the focus is gone, and what has it is what the key sharpens. */
  const stay = (place: HTMLElement) => {
    place.tabIndex = 0;
    place.focus({ preventScroll: true });
  };
  let last: HTMLElement | undefined;

  for (const place of all) {
    for (const coming of ["pointermove", "focusin"]) place.addEventListener(coming, () => (last = place));
    place.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      // Pressed once it is there, blurred; held, it sharpens.
      open(place);
      stay(place);
    });
    place.addEventListener("pointerdown", (event) => {
      const picture = (event.target as Element).closest<HTMLElement>("img.dim");
      if (!picture) return;
      event.preventDefault();
      sharpen(picture);
    });
    place.addEventListener("contextmenu", (event) => event.preventDefault());
  }
  for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, blur, { signal: shown() });
  document.addEventListener("visibilitychange", blur, { signal: shown() });

  const isAt = (place: HTMLElement | undefined) => place?.matches(":hover, :focus-within");
  // The one that they came to last, by the pointer or by the keyboard; else the first that was not asked for.
  const current = () => (isAt(last) ? last : all.find(isAt)) ?? all.find((place) => !place.querySelector("img")) ?? all[0];
  addEventListener("keydown", (event) => {
    const { target, key, code } = event;
    if ((key.toLowerCase() !== "l" && code !== "KeyL") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!document.documentElement.classList.contains("keys") || document.querySelector("dialog[open]")) return;
    if (target instanceof HTMLElement && target.matches("textarea, select, input[type=text]")) return;
    event.preventDefault();
    const place = current();
    if (!place) return;
    place.scrollIntoView({ block: "nearest" });
    // What they know already is told in words first; another press shows it.
    const again = "known" in place.dataset ? place.querySelector("a") : null;
    if (again && document.activeElement !== again) {
      again.focus({ preventScroll: true });
      return;
    }
    sharpen(open(place));
    stay(place);
  }, { signal: shown() });
  addEventListener("keyup", ({ key, code }) => {
    if (key.toLowerCase() === "l" || code === "KeyL") blur();
  }, { signal: shown() });
}
