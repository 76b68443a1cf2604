// What becomes of a post's files after they have arrived: the site looks into them, and may find that it cannot take one.

import type { Published } from "./publish.js";
import type { Tray } from "./tray.js";
import { pageWire } from "./wire.js";

/** Soon, then ever less often, but never so seldom that what is ready is told late. */
const LONGEST_MS = 5_000;
/** A video of an hour takes its time; after so long its poster looks at the post itself. */
const PATIENCE_MS = 3 * 3_600_000;

/** Asks until everything is ready or refused, then tells the tray what was, and `done`. */
export async function judged({ url, manage }: Published, tray: Tray, done: () => void): Promise<void> {
  const id = new URL(url).pathname.slice(1);
  const headers = { accept: "application/json", authorization: `Bearer ${manage.slice(manage.lastIndexOf("/") + 1)}` };
  const end = Date.now() + PATIENCE_MS;
  for (let tries = 1; Date.now() < end && tray.items.length > 0; tries++) {
    await moment(Math.min(1_000 * tries, LONGEST_MS));
    const answer = await pageWire({ method: "GET", url: `/api/v1/posts/${id}`, headers });
    if (answer.status === 404 || answer.status === 410) return;
    if (answer.status !== 200) continue;
    const { media } = JSON.parse(answer.text) as { media: { state: string; problem: string | null }[] };
    if (media.some(({ state }) => state === "receiving" || state === "processing")) continue;
    tray.judge(media.map(({ problem }) => problem));
    done();
    return;
  }
}

/** Waits, but not beyond the moment in which somebody looks at the page again: a browser lets the clocks of hidden pages run slowly. */
const moment = (ms: number) =>
  new Promise<void>((go) => {
    const end = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", end);
      go();
    };
    const timer = setTimeout(() => {
      document.removeEventListener("visibilitychange", end);
      go();
    }, ms);
    document.addEventListener("visibilitychange", end);
  });
