// The next case is drawn in the place of the one before: a browser takes longer to begin a page than the site to make one. Whatever is not as it should be,
// the browser fetches as it fetches any page.
import { renew } from "./shown";
import { keep } from "./typed";

const PATIENCE_MS = 20_000;
const NEXT = "/console/next";

/** The styles and scripts of a page; after an update of the site they are others. */
const made = (page: Document) =>
  [...page.querySelectorAll("head link[rel=stylesheet], head script[src]")].map((one) => one.getAttribute("href") ?? one.getAttribute("src")).join(" ");
const here = () => location.pathname + location.search;

let start = () => {};
/** Nothing else is begun meanwhile: the next one comes, or a decision is sent. */
let busy = false;
let leaves = false;
/** Drawn in place of another one, a page is not what the browser would fetch again by itself. */
let drawn = false;
let at = here();

export const isBusy = () => busy;
/** Keeps the next case away until `work` is done. */
export async function alone(work: () => Promise<void>): Promise<void> {
  busy = true;
  try {
    await work();
  } finally {
    busy = false;
  }
}

/** Whether nothing on the page can be pressed. */
function rest(rests: boolean): void {
  const main = document.querySelector<HTMLElement>("main");
  if (!main) return;
  main.inert = rests;
  main.ariaBusy = String(rests);
}

async function draw(url: string): Promise<void> {
  const offline = document.querySelector<HTMLElement>("#offline");
  if (offline) offline.hidden = true;
  const asked = fetch(url, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE_MS) });
  // Without an answer what is on the screen is all that there is; the key works again as soon as the line does.
  const answer = offline ? await asked.catch(() => null) : await asked;
  if (!answer) {
    if (offline && !leaves) offline.hidden = false;
    return;
  }
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Left alone, they gave up what they had; nothing comes behind the cover.
  if (document.body.classList.contains("covered")) return;
  const { lang } = document.documentElement;
  const isAlike = answer.ok && next.documentElement.lang === lang && next.querySelector(".console-nav") && made(next) === made(document);
  // It was asked for, and may have been claimed: it is gone to where it was found.
  if (!isAlike) return location.assign(answer.redirected ? answer.url : url);
  keep(true);
  renew();
  if (answer.url === location.href) history.replaceState(null, "");
  else history.pushState(null, "", answer.url);
  at = here();
  drawn = true;
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  scrollTo(0, 0);
  start();
  // A screen reader begins where a page begins.
  const heading = document.querySelector<HTMLElement>("main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Goes to the next case, at this address. */
export async function go(url: string): Promise<void> {
  leaves = false;
  rest(true);
  try {
    await draw(url);
  } catch {
    // Whoever goes elsewhere breaks it off, and stays where they go.
    if (!leaves) location.assign(url);
  }
  rest(false);
}

/** Takes over the links to the next case; `begin` makes a page work that was drawn. */
export function next(begin: () => void): void {
  start = begin;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.origin !== location.origin || link.pathname !== NEXT || link.target) return;
    event.preventDefault();
    if (!busy) void alone(() => go(link.href));
  });
  addEventListener("beforeunload", () => (leaves = true));
  // Back and forward: the page at that address, as the site has it now. A place on the same page is none.
  addEventListener("popstate", () => {
    if (!drawn || here() === at) return;
    if (location.hash) location.reload();
    // A page that a form was answered with is not asked for by that form again.
    else location.replace(location.href);
  });
}
