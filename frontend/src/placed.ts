// Media among the words: `![what it shows](media:2)`. A number is a file's place in the list, so when the list changes the words follow.

import { digits } from "./words.js";

/** A medium that can be put among the words. */
export interface Picture {
  /** By what the words name it: its number, or its id where it has one. */
  name: string;
  /** Its number in the list, which names it too. */
  number: number;
  label: string;
  /** What it shows, as far as that was said. */
  alt: string;
  /** A small picture of it, where there is one. */
  thumb: HTMLCanvasElement | HTMLImageElement | null;
}

const MENTION = /!\[([^\]]*)\]\(media:([0-9\u0660-\u0669\u06f0-\u06f9]+)([^)\n]*)\)/g;

/** The words after files have other numbers; one that is gone has none, and leaves nothing. */
export function renumbered(text: string, numbers: Map<number, number | null>): string {
  let gone = false;
  const changed = text.replace(MENTION, (whole, words: string, typed: string, rest: string) => {
    const number = numbers.get(Number(digits(typed)));
    gone ||= number === null;
    return number === undefined ? whole : number === null ? "" : `![${words}](media:${number}${rest})`;
  });
  return gone ? changed.replace(/\n{3,}/g, "\n\n") : changed;
}

/** Changes what stands in a field and leaves the caret where it is. */
export function follow(text: HTMLTextAreaElement, numbers: Map<number, number | null>) {
  const changed = renumbered(text.value, numbers);
  if (changed === text.value) return;
  const { selectionStart, selectionEnd } = text;
  text.value = changed;
  text.setSelectionRange(selectionStart, selectionEnd);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The medium that an address names, as a browser writes the address. */
export function named(pictures: Picture[], address: string): Picture | undefined {
  if (!address.startsWith("media:")) return undefined;
  try {
    const name = digits(decodeURIComponent(address.slice("media:".length))).toLowerCase();
    return pictures.find((picture) => picture.name === name || String(picture.number) === name);
  } catch {
    return undefined;
  }
}

/** Another copy of a small picture. */
export function copyOf(thumb: Picture["thumb"]): HTMLElement | null {
  if (!thumb || thumb.hidden) return null;
  if (thumb instanceof HTMLImageElement) {
    const image = thumb.cloneNode() as HTMLImageElement;
    image.loading = "eager";
    return image;
  }
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: thumb.width, height: thumb.height });
  canvas.getContext("2d")?.drawImage(thumb, 0, 0);
  return canvas;
}
