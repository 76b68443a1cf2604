// Pictures as large as the screen: keyboard, swipe, pinch. PhotoSwipe does it; its style comes as a file, since nothing may be inline.

import PhotoSwipe from "photoswipe";
import { number } from "./words.js";

let styled: Promise<void> | undefined;
const style = (address: string) =>
  (styled ??= new Promise((done, failed) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    sheet.onload = () => done();
    sheet.onerror = () => failed(new Error(address));
    document.head.append(sheet);
  }));

/** Opens the picture of `links[at]`; the others are beside it. */
export async function open(links: HTMLAnchorElement[], at: number): Promise<void> {
  const words = document.querySelector<HTMLElement>("#viewer")?.dataset ?? {};
  await style(words["style"] ?? "");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // In a language from right to left the next picture is on the left. PhotoSwipe knows one direction only, so it gets the pictures the
  // other way round, and keys, swipes and buttons lead where they point.
  const mirrored = document.documentElement.dir === "rtl";
  if (mirrored) links = [...links].reverse();
  const box = new PhotoSwipe({
    dataSource: links.map((link) => {
      const image = link.querySelector<HTMLImageElement>("picture img, img:not(.placeholder)");
      return {
        src: link.href,
        srcset: image?.parentElement?.querySelector("source")?.srcset || image?.srcset || "",
        msrc: image?.currentSrc ?? "",
        width: Number(image?.getAttribute("width")),
        height: Number(image?.getAttribute("height")),
        alt: image?.alt ?? "",
        element: link,
      };
    }),
    index: mirrored ? links.length - 1 - at : at,
    preload: mirrored ? [2, 1] : [1, 2],
    bgOpacity: 1,
    showHideAnimationType: still ? "none" : "zoom",
    ...(still ? { zoomAnimationDuration: false as const } : {}),
    closeTitle: words["close"] ?? "",
    zoomTitle: words["zoom"] ?? "",
    arrowPrevTitle: words[mirrored ? "next" : "previous"] ?? "",
    arrowNextTitle: words[mirrored ? "previous" : "next"] ?? "",
    errorMsg: words["error"] ?? "",
    // Ours, in the page's digits.
    counter: false,
    loop: links.length > 2,
  });
  box.addFilter("thumbEl", (thumbnail, item) => (item.element as HTMLElement | undefined)?.querySelector<HTMLElement>("picture img") ?? (thumbnail as HTMLElement));
  box.on("afterInit", () => box.element?.setAttribute("aria-label", words["label"] ?? ""));
  box.on("uiRegister", () => {
    box.ui?.registerElement({
      name: "place",
      className: "pswp__counter",
      order: 5,
      onInit: (element) => {
        box.on("change", () => {
          const place = mirrored ? links.length - box.currIndex : box.currIndex + 1;
          element.textContent = `${number(place)} / ${number(links.length)}`;
        });
      },
    });
    box.ui?.registerElement({
      name: "caption",
      order: 9,
      isButton: false,
      appendTo: "root",
      onInit: (element) => {
        element.setAttribute("aria-live", "polite");
        box.on("change", () => {
          element.textContent = links[box.currIndex]?.closest("figure")?.querySelector(".caption")?.textContent ?? "";
        });
      },
    });
  });
  // The key or gesture that goes back closes the picture, and does not leave the page.
  const back = () => box.close();
  history.pushState({ picture: true }, "");
  addEventListener("popstate", back, { once: true });
  box.on("destroy", () => {
    removeEventListener("popstate", back);
    if ((history.state as { picture?: boolean } | null)?.picture) history.back();
    links[box.currIndex]?.focus({ preventScroll: true });
  });
  box.init();
}
