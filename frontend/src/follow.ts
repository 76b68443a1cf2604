// Following: the queue, its clocks and who has a case open, as they change. Asked for again and again, because that survives sleep and a broken line.
import { mark } from "./keys";
import { every, shown } from "./shown";
import { shutOut } from "./typed";
import { locale } from "./words";

const PAUSE_MS = 5_000;
const SAY_AT_MOST_EVERY_MS = 20_000;

/** Says how far away a time is, beside when it is. */
function clocks(): void {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" });
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-clock]")) {
    const minutes = Math.round((Date.parse(time.dateTime) - Date.now()) / 60_000);
    const [number, unit] = Math.abs(minutes) < 120 ? ([minutes, "minute"] as const) : Math.abs(minutes) < 2_880 ? ([Math.round(minutes / 60), "hour"] as const) : ([Math.round(minutes / 1_440), "day"] as const);
    time.title ||= time.textContent ?? "";
    const text = words.format(number, unit);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** Begins, and gives what makes it rest, with its case left to others, and go on. */
export function follow(): (rests: boolean) => void {
  const list = document.querySelector<HTMLElement>("[data-live]");
  const work = document.querySelector<HTMLElement>("[data-case]");
  const offline = document.querySelector<HTMLElement>("#offline");
  const more = document.querySelector<HTMLElement>("[data-more]");
  const says = document.querySelector<HTMLElement>("#says");
  // What comes late is of a page that is gone.
  const own = shown();
  let stopped = false;
  let rests = false;
  // One after the other: a look that was slow on its way must not take the case back from whom it was left to.
  let line = Promise.resolve();
  let waits = false;
  let left = true;
  let known = "";
  let said = 0;

  const ask = async (path: string, body?: URLSearchParams) => {
    const answer = await fetch(path, { ...(body ? { method: "POST", body, headers: { accept: "application/json" } } : {}), redirect: "manual", signal: AbortSignal.timeout(10_000) });
    if (own.aborted) throw new Error("gone");
    if (answer.type === "opaqueredirect") shutOut();
    return answer;
  };

  const redraw = (html: string) => {
    if (!list || html === known) return;
    const before = list.querySelector("[data-say]")?.textContent;
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    const first = known === "";
    known = html;
    if (first) {
      const fresh = document.createElement("div");
      fresh.innerHTML = html;
      if (fresh.textContent === list.textContent) return;
    }
    list.innerHTML = html;
    mark(list);
    if (focused) list.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    const now = list.querySelector("[data-say]")?.textContent ?? "";
    if (says && now !== before && Date.now() - said > SAY_AT_MOST_EVERY_MS) {
      said = Date.now();
      says.textContent = now;
    }
  };

  const vanish = () => {
    document.querySelector<HTMLElement>("[data-vanished]")?.removeAttribute("hidden");
    document.querySelectorAll<HTMLElement>(".deciding, .thumb").forEach((part) => (part.inert = true));
    work?.classList.add("lost");
    stopped = true;
  };

  const look = async () => {
    waits = false;
    if (!left) {
      // Until the site has heard of it.
      left = await ask(`${work?.dataset.case}/claim`, new URLSearchParams({ leave: "1" })).then(() => true, () => false);
      return;
    }
    if (stopped || rests || document.hidden) return;
    clocks();
    try {
      if (list) {
        const path = list.dataset.live ?? "";
        const answer = await ask(path);
        const html = answer.ok ? await answer.text() : "";
        // Something else may have been chosen meanwhile.
        if (answer.ok && !own.aborted && path === list.dataset.live) redraw(html);
      }
      if (work) {
        const answer = await ask(`${work.dataset.case}/claim`, new URLSearchParams());
        const now = answer.ok ? ((await answer.json()) as { case: string; alike: number }) : null;
        if (now && !own.aborted) {
          if (now.case !== "theirs") vanish();
          else if (more) more.hidden = String(now.alike) === work.dataset.alike;
        }
      }
      if (offline) offline.hidden = true;
    } catch {
      if (offline && !stopped && !own.aborted) offline.hidden = false;
    }
    if (!own.aborted) clocks();
  };
  const round = () => {
    if (waits) return;
    waits = true;
    line = line.then(look);
  };
  clocks();
  // What is shown is chosen without a reload; the address says what was chosen.
  const filter = list ? document.querySelector<HTMLFormElement>("form.filter") : null;
  filter?.addEventListener("change", () => {
    const chosen = new URLSearchParams([...new FormData(filter)].map(([name, value]): [string, string] => [name, String(value)]).filter(([, value]) => value !== ""));
    const where = filter.getAttribute("action") ?? "";
    if (list) list.dataset.live = `${where}?${new URLSearchParams([["part", "list"], ...chosen])}`;
    history.replaceState(history.state, "", `${chosen}` ? `${where}?${chosen}` : where);
    said = 0;
    round();
  });
  if (list || work) {
    every(PAUSE_MS, () => round());
    document.addEventListener("visibilitychange", () => round(), { signal: shown() });
    addEventListener("online", () => round(), { signal: shown() });
  }
  return (now) => {
    rests = now;
    left = !rests || !work;
    round();
  };
}
