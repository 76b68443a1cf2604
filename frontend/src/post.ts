// A post's page: its pictures large, one after the other. The viewer itself is loaded at the first press. Without this file a press opens
// the picture by itself.

import { intoClipboard } from "./clipboard.js";

const links = [...document.querySelectorAll<HTMLAnchorElement>("a.enlarge")];
let viewer: Promise<typeof import("./viewer.js")> | undefined;
const load = () => (viewer ??= import("./viewer.js"));

const share = document.querySelector<HTMLElement>(".share-acts");
const address = document.querySelector<HTMLInputElement>(".share-link input");
if (share && address) {
  const [copy, send, told] = [".share-copy", ".share-send", ".share-told"].map((name) => share.querySelector<HTMLElement>(name));
  share.hidden = false;
  copy?.addEventListener("click", async () => {
    const done = await intoClipboard(Promise.resolve(address.value));
    if (told) told.textContent = copy.dataset[done ? "done" : "failed"] ?? "";
    if (!done) address.select();
  });
  if (send) send.hidden = !navigator.share;
  // Whoever closes the sheet has changed their mind, which is no error.
  send?.addEventListener("click", () => void navigator.share({ url: address.value, title: document.title }).catch(() => {}));
}

links.forEach((link, at) => {
  link.addEventListener("click", async (event) => {
    // Another tab, if that is what was asked for.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    try {
      (await load()).open(links, at);
    } catch {
      location.href = link.href;
    }
  });
  // Who points at a picture will press it.
  link.addEventListener("pointerenter", () => void load(), { once: true });
});
