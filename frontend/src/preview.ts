// How the words will look. The site draws them with a CommonMark parser of its own; this one keeps to the same rules.

import { micromark } from "micromark";
import { gfmAutolinkLiteral, gfmAutolinkLiteralHtml } from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough, gfmStrikethroughHtml } from "micromark-extension-gfm-strikethrough";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";

const SHOWN = new Set("A BLOCKQUOTE BR CODE DEL EM H1 H2 H3 H4 H5 H6 HR LI OL P PRE STRONG TABLE TBODY TD TH THEAD TR UL".split(" "));

/** The nodes of the text's page. Nothing that a stranger's text could carry survives: only elements from a list, without attributes. */
export function render(text: string): Node[] {
  const html = micromark(text, {
    extensions: [gfmAutolinkLiteral(), gfmStrikethrough(), gfmTable()],
    htmlExtensions: [gfmAutolinkLiteralHtml(), gfmStrikethroughHtml(), gfmTableHtml()],
  });
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  for (const element of [...parsed.querySelectorAll("*")]) {
    if (!SHOWN.has(element.tagName)) {
      element.replaceWith(element.textContent ?? "");
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
  return [...parsed.childNodes].map((node) => document.importNode(node, true));
}
