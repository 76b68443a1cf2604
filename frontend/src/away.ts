// Away: a page that nobody has touched for a while covers itself, lets others have the case, and at last signs out. A console may stand open on a
// computer that others use.
import { every, shown } from "./shown";

const COVER_MS = 5 * 60_000;
const LEAVE_MS = 30 * 60_000;
const LOOK_MS = 10_000;

export function away(rest: (rests: boolean) => void): void {
  const cover = document.querySelector<HTMLDialogElement>("#away");
  if (!cover) return;
  let last = Date.now();
  let covered = false;
  let leaves = false;
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    addEventListener(sign, () => {
      if (!covered) last = Date.now();
    }, { passive: true, signal: shown() });
  }
  const look = () => {
    const idle = Date.now() - last;
    if (!covered && idle > COVER_MS) {
      covered = true;
      rest(true);
      document.querySelectorAll<HTMLDialogElement>("dialog[open]").forEach((open) => open.close());
      document.body.classList.add("covered");
      cover.showModal();
    }
    if (covered && idle > LEAVE_MS && !leaves) {
      // Once: another would break off the one that is under way.
      leaves = true;
      document.querySelector<HTMLFormElement>("form[action='/console/sign-out']")?.requestSubmit();
    }
  };
  every(LOOK_MS, look);
  // The computer slept: timers did not run.
  document.addEventListener("visibilitychange", look, { signal: shown() });
  cover.addEventListener("cancel", (event) => event.preventDefault());
  // A browser lets nobody prevent that twice in a row: it comes again.
  cover.addEventListener("close", () => covered && cover.showModal());
  cover.querySelector("button")?.addEventListener("click", () => {
    // What was typed stays. If the case is somebody else's by now, the next look says so.
    last = Date.now();
    covered = false;
    document.body.classList.remove("covered");
    cover.close();
    rest(false);
  });
}
