// How the words will look. The site draws them with a CommonMark parser of its own; this one keeps to the same rules.

import { micromark } from "micromark";
import { gfmAutolinkLiteral, gfmAutolinkLiteralHtml } from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough, gfmStrikethroughHtml } from "micromark-extension-gfm-strikethrough";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { type Picture, copyOf, named } from "./placed.js";

const SHOWN = new Set("A BLOCKQUOTE BR CODE DEL EM H1 H2 H3 H4 H5 H6 HR LI OL P PRE STRONG TABLE TBODY TD TH THEAD TR UL".split(" "));

/** The nodes of the text's page, with `pictures` in their places. Nothing that a stranger's text could carry survives: only elements from a list, without attributes. */
export function render(text: string, pictures: Picture[]): Node[] {
  const html = micromark(text, {
    extensions: [gfmAutolinkLiteral(), gfmStrikethrough(), gfmTable()],
    // The media's own kind of address is kept; all others but a few are thrown away below.
    allowDangerousProtocol: true,
    htmlExtensions: [gfmAutolinkLiteralHtml(), gfmStrikethroughHtml(), gfmTableHtml()],
  });
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  const seen = new Set<Picture>();
  for (const element of [...parsed.querySelectorAll("*")]) {
    if (element.tagName === "IMG") {
      place(element, pictures, seen);
      continue;
    }
    if (!SHOWN.has(element.tagName)) {
      element.replaceWith(element.textContent ?? "");
      continue;
    }
    // The page's own heading is the title.
    if (/^H[1-5]$/.test(element.tagName)) {
      const lower = parsed.ownerDocument.createElement(`h${Number(element.tagName[1]) + 1}`);
      lower.append(...element.childNodes);
      element.replaceWith(lower);
      continue;
    }
    const href = element.getAttribute("href");
    const start = element.getAttribute("start");
    for (const name of element.getAttributeNames()) element.removeAttribute(name);
    if (element.tagName === "A" && href && /^(https?|mailto):/i.test(href)) {
      element.setAttribute("href", href);
      element.setAttribute("rel", "nofollow noopener noreferrer");
      element.setAttribute("target", "_blank");
    }
    if (element.tagName === "A" && !element.hasAttribute("href")) element.replaceWith(...element.childNodes);
    if (element.tagName === "OL" && start) element.setAttribute("start", start);
    // As on the post's page: what holds other blocks takes its direction from the first letter in it.
    if (["BLOCKQUOTE", "UL", "OL", "TABLE"].includes(element.tagName)) element.setAttribute("dir", "auto");
  }
  // Not copied: a copy of a canvas is empty.
  return [...parsed.childNodes].map((node) => document.adoptNode(node));
}

/** A medium stands once, and between paragraphs; elsewhere, and where there is none, an image is its words. */
function place(image: Element, pictures: Picture[], seen: Set<Picture>) {
  const address = image.getAttribute("src") ?? "";
  const picture = named(pictures, address);
  const paragraph = image.parentElement;
  if (!picture || seen.has(picture) || paragraph?.tagName !== "P") {
    image.replaceWith(address.startsWith("media:") ? (image.getAttribute("alt") ?? "") : "");
    return;
  }
  seen.add(picture);
  const before = image.ownerDocument.createElement("p");
  while (paragraph.firstChild !== image) before.append(paragraph.firstChild as Node);
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = picture.label;
  const thumb = copyOf(picture.thumb);
  figure.append(...(thumb ? [thumb] : []), caption);
  if (before.textContent?.trim()) paragraph.before(before);
  paragraph.before(figure);
  image.remove();
  if (!paragraph.textContent?.trim() && !paragraph.querySelector("img")) paragraph.remove();
}
