// Publishing: one request, which may be repeated without making a second post.

import { paid } from "./proof.js";
import type { Kept, Parcel } from "./shelf.js";
import { type Answer, type Wire, asksForPatience, passing, pause, problemOf } from "./wire.js";

export interface Published {
  url: string;
  manage: string;
  /** When others see it, where that is later. */
  public?: string | null;
  links?: string | null;
}

/** The site does not want the post as it is. */
export class PublishError extends Error {
  constructor(
    readonly words: string,
    /** Its poster has called it back. */
    readonly calledBack = false,
  ) {
    super(words);
  }
}

export interface Told {
  waiting?: (is: boolean, words?: string) => void;
  /** A proof of work is under way, so far, from 0 to 1; `null`: it is over. */
  proving?: (part: number | null) => void;
  once?: boolean;
  /** Calls it back, at a moment when nothing of it is with the site. */
  signal?: AbortSignal;
}

/** The `media` of the request, in order. */
export type Media = Pick<Kept, "id" | "upload" | "caption" | "alt" | "sensitive" | "place" | "stillOf">;

/** Files as a request names them, by their ids, where `before` media have their numbers before these. A video takes its still along. */
export function namesOf(all: Media[], before = 0) {
  const address = (upload: string) => new URL(upload, location.origin).href;
  const stills = new Map(all.filter(({ stillOf }) => all.some(({ id }) => id === stillOf)).map(({ stillOf, upload }) => [stillOf, address(upload)]));
  const shown = all.filter(({ stillOf }) => !stills.has(stillOf));
  return new Map(
    shown.map(({ id, upload, caption, alt, sensitive, place }) => [
      id,
      { upload: address(upload), caption: caption || null, alt: alt || null, sensitive, number: before + place + 1, ...(stills.has(id) ? { still: stills.get(id) } : {}) },
    ]),
  );
}

/**
 * Publishes. `waiting` is told when there is no line, or when the site asks for patience, by these words; with `once`, no answer is an
 * error instead. A repeat has the same key, the same secret and the same words, so it is the same post.
 */
export async function publish(wire: Wire, parcel: Parcel, media: Media[], told: Told = {}): Promise<Published> {
  const { wish } = parcel;
  const body = JSON.stringify({
    ...wish,
    title: wish?.title || null,
    media: [...namesOf(media).values()],
    manage_secret: parcel.secret,
  });
  const headers = { "content-type": "application/json", accept: "application/json", "idempotency-key": parcel.key };
  for (let tries = 1; ; tries++) {
    const answer: Answer = await paid(wire, { method: "POST", url: "/api/v1/posts", headers, body }, told.proving, told.signal);
    if (answer.status === 200 || answer.status === 201 || answer.status === 202) {
      const given = JSON.parse(answer.text) as { url: string; manage_url: string; public: string | null; links?: string };
      return { url: given.url, manage: given.manage_url, public: given.public, links: given.links ?? null };
    }
    if (!passing(answer.status)) throw new PublishError(problemOf(answer)?.words ?? "");
    if (told.signal?.aborted && answer.status === 429) throw new PublishError("", true);
    if (told.once) throw new Error("no answer");
    told.waiting?.(true, asksForPatience(answer) ? problemOf(answer)?.words : undefined);
    await pause(tries, answer, told.signal);
    if (told.signal?.aborted) throw new PublishError("", true);
  }
}
