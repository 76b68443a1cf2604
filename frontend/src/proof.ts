// Proofs of work: what is asked of who wants more than their share. Nothing of this runs for anybody else.

import { type Answer, type Question, type Wire } from "./wire.js";

export interface Challenge {
  parameters: { algorithm: string; cost: number; data: { for: string; most: number }; expiresAt: number; keyLength: number; keyPrefix: string; keySignature: string; nonce: string; salt: string };
  signature: string;
}

export interface Solution {
  counter: number;
  derivedKey: string;
}

/** How often a challenge is solved for one request before its refusal is told: the price may have changed meanwhile. */
const TRIES = 3;

/** Where the worker is; empty where it could do nothing, and then nothing is asked for either. */
const solver = () => (typeof Worker === "function" && typeof document === "object" && crypto.subtle ? (document.querySelector<HTMLTemplateElement>("template[data-solver]")?.dataset["solver"] ?? "") : "");

/**
 * Asks, and pays where that is asked for. `told` how far the work is, from 0 to 1, and `null` when it is over. Aborted, the work ends at once, and
 * the answer is the one that asked for it; a question that is under way comes to its end.
 */
export async function paid(wire: Wire, question: Question, told: (part: number | null) => void = () => {}, signal?: AbortSignal): Promise<Answer> {
  const place = solver();
  let offer = place ? "ask" : "";
  for (let tries = 1; ; tries++) {
    const answer = await wire(offer ? { ...question, headers: { ...question.headers, altcha: offer } } : question);
    const challenge = answer.status === 429 && place ? challengeOf(answer) : null;
    if (!challenge || tries > TRIES) return answer;
    const solution = await solved(place, challenge, told, signal);
    told(null);
    if (!solution) return answer;
    offer = btoa(JSON.stringify({ challenge, solution }));
  }
}

function challengeOf(answer: Answer): Challenge | null {
  try {
    return (JSON.parse(answer.text) as { challenge?: Challenge }).challenge ?? null;
  } catch {
    return null;
  }
}

/** `null`: nobody wants it any more, or it cannot be had here. */
function solved(place: string, challenge: Challenge, told: (part: number) => void, signal?: AbortSignal): Promise<Solution | null> {
  return new Promise((done) => {
    const worker = new Worker(place, { type: "module" });
    const end = (solution: Solution | null) => {
      worker.terminate();
      signal?.removeEventListener("abort", stop);
      done(solution);
    };
    const stop = () => end(null);
    if (signal?.aborted) return end(null);
    signal?.addEventListener("abort", stop);
    worker.onmessage = ({ data }: MessageEvent<{ counter?: number; solution?: Solution }>) => {
      if (data.solution) end(data.solution);
      else told(Math.min(1, (data.counter ?? 0) / challenge.parameters.data.most));
    };
    worker.onerror = stop;
    told(0);
    worker.postMessage(challenge);
  });
}
