// A post's page: its pictures large, one after the other. The viewer itself is loaded at the first press. Without this file a press opens
// the picture by itself.

const links = [...document.querySelectorAll<HTMLAnchorElement>("a.enlarge")];
let viewer: Promise<typeof import("./viewer.js")> | undefined;
const load = () => (viewer ??= import("./viewer.js"));

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
