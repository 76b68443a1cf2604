// The posts that were made in this browser, with their manage links: only if the poster asks for it, on this device alone.

import * as lately from "./lately.js";
import { copy, locale, part } from "./words.js";

export interface Mine {
  url: string;
  manage: string;
  title: string;
  created: number;
}

const NAME = "handbill-mine";

/** The posts that are remembered, newest first; `null`: nobody has asked for it. */
export function all(): Mine[] | null {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "null") as Mine[] | null;
  } catch {
    return null;
  }
}

function store(list: Mine[] | null) {
  try {
    if (list) localStorage.setItem(NAME, JSON.stringify(list));
    else localStorage.removeItem(NAME);
  } catch {
    // Storage is switched off: the switch goes back by itself.
  }
}

export const remember = (post: Mine) => store([post, ...(all() ?? []).filter(({ url }) => url !== post.url)]);
export const begin = () => store(all() ?? []);
export const has = (url: string) => (all() ?? []).some((post) => post.url === url);
/** Forgets one; with the last of them goes the wish to remember. */
export function forget(url: string) {
  const left = (all() ?? []).filter((post) => post.url !== url);
  store(left.length ? left : null);
}

/** Tells `deed` of posts that are forgotten, here or in another tab: whatever else holds their manage links lets go of them. */
export const whenForgotten = (deed: (urls: string[]) => void) => addEventListener("handbill-forgotten", (event) => deed((event as CustomEvent<string[]>).detail));

const tell = (urls: string[]) => dispatchEvent(new CustomEvent("handbill-forgotten", { detail: urls }));

let place: HTMLElement | null = null;

addEventListener("storage", ({ key, oldValue }) => {
  if (key !== NAME) return;
  const were = JSON.parse(oldValue ?? "null") as Mine[] | null;
  tell((were ?? []).map(({ url }) => url).filter((url) => !has(url)));
  if (place?.isConnected) show(place);
});

/** The list, below the composer; nothing where nothing is remembered. */
export function show(below: HTMLElement) {
  place = below;
  document.querySelector("#mine")?.remove();
  const posts = all();
  if (!posts?.length) return;
  const section = copy("mine-list");
  const list = part(section, "ul");
  for (const post of posts) {
    const row = copy("mine-row");
    const link = part<HTMLAnchorElement>(row, ".mine-open");
    link.href = post.url;
    if (post.title) part(row, ".mine-title").textContent = post.title;
    part(row, "time").textContent = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(post.created);
    part<HTMLAnchorElement>(row, ".mine-manage").href = post.manage;
    row.querySelectorAll(".of-post").forEach((one) => (one.textContent = post.title || post.url));
    part(row, ".mine-forget").addEventListener("click", () => {
      forget(post.url);
      tell([post.url]);
      show(below);
      (document.querySelector<HTMLElement>("#mine .mine-forget") ?? document.querySelector<HTMLElement>("#main"))?.focus();
    });
    list.append(row);
  }
  part(section, ".mine-export").addEventListener("click", () => {
    const file = new Blob([posts.map(({ title, url, manage, created }) => `${new Date(created).toISOString()}\n${title ? `${title}\n` : ""}${url}\n${manage}\n`).join("\n")], { type: "text/plain" });
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "handbill-posts.txt" });
    link.click();
    // The browser fetches it after this.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
  part(section, ".mine-forget-all").addEventListener("click", () => {
    store(null);
    lately.forget();
    tell(posts.map(({ url }) => url));
    show(below);
    document.querySelector<HTMLElement>("#main")?.focus();
  });
  below.after(section);
}
