// A page of the desk, as long as it is shown: what listens or runs for it ends when the next one is drawn in its place.

let page = new AbortController();

/** Aborted when another page is drawn. */
export const shown = () => page.signal;

/** Ends what was shown. */
export function renew(): void {
  page.abort();
  page = new AbortController();
}

/** Does something again and again, as long as the page is shown. */
export function every(ms: number, work: () => void): void {
  const timer = setInterval(work, ms);
  shown().addEventListener("abort", () => clearInterval(timer));
}
