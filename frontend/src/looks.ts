// Looking: a picture is asked for one by one, stays small, grey and blurred, and grows sharper by degrees only while a key, a finger or the pointer is kept on it.
import { part } from "./words";

const DEGREES = 4;
const DEGREE_MS = 650;

export function looks(): void {
  const all = [...document.querySelectorAll<HTMLElement>("[data-look]")];
  if (all.length === 0) return;
  let timer: ReturnType<typeof setInterval> | undefined;

  const blur = () => {
    clearInterval(timer);
    timer = undefined;
    for (const picture of document.querySelectorAll<HTMLElement>("img.dim")) delete picture.dataset.degree;
  };
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
    picture.alt = place.querySelector(".what")?.textContent ?? "";
    picture.className = "dim";
    picture.draggable = false;
    picture.addEventListener("error", () => {
      picture.remove();
      part(place, "[data-failed]").hidden = false;
    });
    picture.src = place.dataset.look ?? "";
    place.querySelector("a")?.remove();
    place.prepend(picture);
    return picture;
  };

  for (const place of all) {
    place.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      // Pressed once it is there, blurred; held, it sharpens.
      open(place);
    });
    place.addEventListener("pointerdown", (event) => {
      const picture = (event.target as Element).closest<HTMLElement>("img.dim");
      if (!picture) return;
      event.preventDefault();
      sharpen(picture);
    });
    place.addEventListener("contextmenu", (event) => event.preventDefault());
  }
  for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, blur);
  document.addEventListener("visibilitychange", blur);

  const current = () => all.find((place) => place.matches(":hover, :focus-within")) ?? all.find((place) => !place.querySelector("img")) ?? all[0];
  addEventListener("keydown", (event) => {
    const { target, key, code } = event;
    if ((key.toLowerCase() !== "l" && code !== "KeyL") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!document.documentElement.classList.contains("keys") || document.querySelector("dialog[open]")) return;
    if (target instanceof HTMLElement && target.matches("textarea, select, input[type=text]")) return;
    event.preventDefault();
    const place = current();
    if (!place) return;
    place.scrollIntoView({ block: "nearest" });
    sharpen(open(place));
  });
  addEventListener("keyup", ({ key, code }) => {
    if (key.toLowerCase() === "l" || code === "KeyL") blur();
  });
}
