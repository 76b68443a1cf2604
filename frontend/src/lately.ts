// The links of the post that this tab has just published: a reload, or a phone that puts the tab away, must not lose the manage link.
// They go with the tab, and as soon as its poster turns to something else.

export interface Out {
  url: string;
  manage: string;
  title: string;
}

const NAME = "handbill-out";

export function keep(out: Out) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(out));
  } catch {
    // Storage is switched off: the links stand on the page, and that says to keep them.
  }
}

export function last(): Out | null {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? "null") as Out | null;
  } catch {
    return null;
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}
