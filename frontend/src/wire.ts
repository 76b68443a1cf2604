// One request and its answer. Pages use XMLHttpRequest, which alone tells how much of a body is gone; a worker has only fetch.

export interface Question {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: Blob | string;
  /** Told how many bytes of the body have gone out. */
  progress?: (bytes: number) => void;
  signal?: AbortSignal;
}

export interface Answer {
  /** 0: none came. */
  status: number;
  header: (name: string) => string | null;
  text: string;
}

export type Wire = (question: Question) => Promise<Answer>;

export const NO_ANSWER: Answer = { status: 0, header: () => null, text: "" };
/** A line on which nothing moves for so long is taken for broken: phones that change cells do not say so. */
const STILL_MS = 30_000;
/** The site may take its time to write down what has arrived. */
const SETTLING_MS = 120_000;

export const pageWire: Wire = ({ method, url, headers, body, progress, signal }) =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    let watch = 0;
    const moves = (patience: number) => {
      clearTimeout(watch);
      watch = setTimeout(() => request.abort(), patience) as unknown as number;
    };
    const finish = (answer: Answer) => {
      clearTimeout(watch);
      signal?.removeEventListener("abort", stop);
      done(answer);
    };
    const stop = () => request.abort();
    if (signal?.aborted) return done(NO_ANSWER);
    signal?.addEventListener("abort", stop);
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      moves(event.loaded < event.total ? STILL_MS : SETTLING_MS);
      progress?.(event.loaded);
    };
    request.onload = () => finish({ status: request.status, header: (name) => request.getResponseHeader(name), text: request.responseText });
    request.onerror = request.onabort = () => finish(NO_ANSWER);
    moves(STILL_MS);
    request.send(body ?? null);
  });

export const workerWire: Wire = async ({ method, url, headers, body, signal }) => {
  try {
    const answer = await fetch(url, { method, headers, body: body ?? null, signal: signal ?? null });
    return { status: answer.status, header: (name) => answer.headers.get(name), text: await answer.text() };
  } catch {
    return NO_ANSWER;
  }
};

/** What a refusal says: the `detail` or `title` of its problem details, and what is wrong with the file that it is about. */
export function problemOf(answer: Answer): { type: string; words: string; file: string } | null {
  if (!answer.header("content-type")?.includes("json")) return null;
  try {
    const { type, detail, title, refused } = JSON.parse(answer.text) as Record<string, unknown>;
    const [file] = Array.isArray(refused) ? (refused as { problem?: string }[]) : [];
    const words = [detail, title].find((one) => typeof one === "string" && one);
    return { type: typeof type === "string" ? type : "", words: typeof words === "string" ? words : "", file: file?.problem ?? "" };
  } catch {
    return null;
  }
}

/** Whether it may go better at another time. */
export const passing = (status: number) => status === 0 || [408, 423, 425, 429].includes(status) || (status >= 500 && status !== 501 && status !== 507);

/** Whether the site says itself that this is no moment, and until when: what it says of that is worth reading. */
export const asksForPatience = (answer: Answer) => answer.status === 429 || (problemOf(answer)?.type.endsWith("read-only") ?? false);

/** Waits before try number `tries` (from 1): ever longer, as long as the answer asks for, but no longer than until the line is back. */
export function pause(tries: number, answer: Answer, signal?: AbortSignal): Promise<void> {
  const asked = Number(answer.header("retry-after"));
  const ms = asked > 0 ? asked * 1_000 : Math.min(15_000, 500 * 2 ** Math.min(tries, 10)) * (0.75 + Math.random() / 2);
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, ms);
    // A site that asked for patience gets it.
    if (!(asked > 0)) addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}
