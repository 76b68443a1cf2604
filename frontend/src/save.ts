// Saving an edit together with files that may still be on their way. What stands on the site is looked at first, so that nothing of
// somebody else's is overwritten in silence, and an answer that got lost is not taken for somebody else's edit.

import { PublishError, namesOf } from "./publish.js";
import type { Kept } from "./shelf.js";
import { type Wire, passing, pause, problemOf } from "./wire.js";

/** The post as the site has it, as far as an edit needs that. */
export interface Standing {
  revision: number;
  title: string | null;
  text: string;
  media: { id: string }[];
}

/** Words and options as they shall be; what is left out stays as it is. */
export type Change = Record<string, string | number | boolean | null>;

/** A medium that is there, as it shall be. */
export interface Row {
  id: string;
  caption: string | null;
  alt: string | null;
  sensitive: boolean;
  /** Of a video: the upload of a still, or its own frame again. Left out, it is as it was. */
  still?: string | null;
}

/** The post was changed since `seen`: nothing was saved. */
export class Conflict extends Error {
  constructor(readonly standing: Standing) {
    super("changed");
  }
}

/** Saves; gives the post as it stands then. `waiting` is told while there is no answer. */
export async function save(
  wire: Wire,
  post: { id: string; secret: string; seen: number },
  change: Change,
  /** All media in the order wanted: those that are there, and files that are added. */
  order: (Row | Kept)[],
  /** How many media the words count before these. */
  before: number,
  waiting: () => void,
): Promise<Standing> {
  const url = `/api/v1/posts/${post.id}`;
  const headers = { accept: "application/json", authorization: `Bearer ${post.secret}` };
  const added = namesOf(order.filter((one) => "parcel" in one), before);
  let unanswered: (string | undefined)[] | null = null;
  for (let tries = 1; ; tries++) {
    let answer = await wire({ method: "GET", url, headers });
    if (answer.status === 200) {
      const standing = JSON.parse(answer.text) as Standing;
      const stands = new Set(standing.media.map(({ id }) => id));
      if (standing.revision !== post.seen) {
        if (unanswered && added.size > 0 && isDone(standing, unanswered)) return standing;
        throw new Conflict(standing);
      }
      // Not all of them have a row: some were refused, and some have come since this page was drawn.
      const shown = new Set(order.map(({ id }) => id));
      const media: (Row | { id: string } | { upload: string })[] = order.flatMap((one) => ("parcel" in one ? (added.get(one.id) ?? []) : stands.has(one.id) ? one : []));
      // Each stays behind the one that it stands behind.
      standing.media.forEach(({ id }, at) => {
        const before = standing.media[at - 1]?.id;
        if (!shown.has(id)) media.splice(media.findIndex((one) => "id" in one && one.id === before) + 1, 0, { id });
      });
      answer = await wire({ method: "PATCH", url, headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify({ revision: post.seen, ...change, media }) });
      if (answer.status === 200) return JSON.parse(answer.text) as Standing;
      // Somebody was quicker by a moment: the next look tells what stands.
      if (answer.status === 409 && problemOf(answer)?.type.endsWith("changed")) continue;
      unanswered = media.map((one) => ("id" in one ? one.id : undefined));
    }
    if (!passing(answer.status)) throw new PublishError(problemOf(answer)?.words ?? "");
    waiting();
    await pause(tries, answer);
  }
}

/** Whether a post holds the media that were asked for: those that were there in their places, and new ones in the others. */
const isDone = ({ media }: Standing, wanted: (string | undefined)[]) =>
  media.length === wanted.length && wanted.every((id, at) => (id ? media[at]?.id === id : !wanted.includes(media[at]?.id)));
