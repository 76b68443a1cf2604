// What becomes of a post's files after they have arrived: the site looks into them, and may find that it cannot take one.

import type { Published } from "./publish.js";
import type { Tray } from "./tray.js";
import { pageWire } from "./wire.js";

/** A video of an hour takes its time; after so long its poster looks at the post itself. */
const TRIES = 200;

/** Asks until everything is ready or refused, then tells the tray what was, and `done`. */
export async function judged({ url, manage }: Published, tray: Tray, done: () => void): Promise<void> {
  const id = new URL(url).pathname.slice(1);
  const headers = { accept: "application/json", authorization: `Bearer ${manage.slice(manage.lastIndexOf("/") + 1)}` };
  for (let tries = 1; tries <= TRIES && tray.items.length > 0; tries++) {
    await new Promise((go) => setTimeout(go, Math.min(1_000 * tries, 15_000)));
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
