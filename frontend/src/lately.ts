// The links of the post that this tab has published last: a reload, or a phone that puts the tab away, must not lose the manage link.
// They are kept with the tab, and shown again only where they stood: the entry of the tab's history is marked. Whoever comes by a link, or
// to share something, begins anew.

export interface Out {
  /** The id of the parcel that it was. */
  id: string;
  url: string;
  manage: string;
  title: string;
}

const NAME = "handbill-out";

/** This entry of the history shows the post of this parcel; without one, none. */
export const mark = (parcel?: string) => history.replaceState(parcel ? { out: parcel } : null, "");

/** A new visit is one even where the browser lays it over the entry of the page before, whose address it has, and keeps the mark. */
export function arrive() {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (visit?.type === "navigate") mark();
}

/** Whether this visit is a reload of the page that shows the post of this parcel, or the way back to it. */
export const isMarked = (parcel: string) => (history.state as { out?: string } | null)?.out === parcel;

export function keep(out: Out) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(out));
  } catch {
    // Storage is switched off: the links stand on the page, and that says to keep them.
  }
}

/** Its links, if this is where they stood. */
export function last(): Out | null {
  try {
    const out = JSON.parse(sessionStorage.getItem(NAME) ?? "null") as Out | null;
    return out && isMarked(out.id) ? out : null;
  } catch {
    return null;
  }
}

/** Lets go of it, or only if it is one of the posts at these addresses. */
export function forget(urls?: string[]) {
  try {
    const out = JSON.parse(sessionStorage.getItem(NAME) ?? "null") as Out | null;
    if (!urls || (out && urls.includes(out.url))) sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}
