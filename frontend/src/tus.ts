// A resumable upload (tus 1.0). It is made once, then goes on from wherever the site says that it stands, however often the line
// breaks, until everything has arrived. Parts are small enough for proxies that cut requests off.

import { paid } from "./proof.js";
import { type Answer, type Wire, asksForPatience, passing, pause, problemOf } from "./wire.js";

export const ENDPOINT = "/api/v1/uploads";
/** Proxies are known to cut at 100 MB. */
const PART = 8 << 20;
/** What every proxy lets through. */
const SMALLEST_PART = 512 << 10;
const VERSION = { "tus-resumable": "1.0.0" };

export type Fault = "refused" | "changed" | "gone" | "stopped";

/** Why an upload will never be complete. */
export class UploadError extends Error {
  constructor(
    readonly fault: Fault,
    /** The site's own words on it, if it has any. */
    readonly words = "",
    /** The name of what is wrong with the file, such as `not_media`. */
    readonly problem = "",
  ) {
    super(fault);
  }
}

export interface Told {
  /** How many bytes are gone, acknowledged or not. */
  progress?: (bytes: number) => void;
  /** The line is broken (or the site asks for patience, by these words), and the upload waits. */
  waiting?: (is: boolean, words?: string) => void;
}

export class Upload {
  /** Where it stands on the site, as a path; empty before it was made. */
  url = "";
  private readonly stopping = new AbortController();
  private part = PART;

  constructor(
    private readonly file: File,
    private readonly wire: Wire,
    private readonly told: Told = {},
  ) {}

  /** Makes it; when this returns, a post may name it. */
  async create(): Promise<void> {
    if (this.url) return;
    const metadata = `filename ${base64(this.file.name)},filetype ${base64(this.file.type || "application/octet-stream")}`;
    const headers = { ...VERSION, "upload-length": String(this.file.size), "upload-metadata": metadata };
    const answer = await this.ask(() => ({ method: "POST", url: ENDPOINT, headers }));
    const place = answer.header("location");
    if (answer.status !== 201 || !place) throw refusal(answer);
    this.url = new URL(place, location.href).pathname;
  }

  /** Sends what the site does not have yet. */
  async send(): Promise<void> {
    for (;;) {
      const standing = await this.ask(() => ({ method: "HEAD", url: this.url, headers: VERSION }));
      if (standing.status !== 200 && standing.status !== 204) throw refusal(standing);
      let offset = Number(standing.header("upload-offset"));
      this.told.progress?.(offset);
      while (offset < this.file.size) {
        const end = Math.min(offset + this.part, this.file.size);
        const from = offset;
        const answer = await this.wire({
          method: "PATCH",
          url: this.url,
          headers: { ...VERSION, "upload-offset": String(from), "content-type": "application/offset+octet-stream" },
          body: this.file.slice(from, end),
          progress: (bytes) => this.told.progress?.(Math.min(end, from + bytes)),
          signal: this.stopping.signal,
        });
        if (this.stopping.signal.aborted) throw new UploadError("stopped");
        if (answer.status === 204) {
          this.tries = 0;
          offset = Number(answer.header("upload-offset"));
          continue;
        }
        if (answer.status === 413 && !problemOf(answer) && this.part > SMALLEST_PART) {
          this.part = Math.max(SMALLEST_PART, this.part / 2);
          continue;
        }
        // 409: somebody else was at it, or an answer got lost. The site knows where it stands. A web server in between may say by 400
        // that our line to it broke.
        const broke = answer.status === 409 || problemOf(answer)?.type.endsWith("tus-interrupted");
        if (!broke && !passing(answer.status)) throw refusal(answer);
        if (answer.status === 0 && !(await readable(this.file, from))) throw new UploadError("changed");
        await this.wait(answer);
        break;
      }
      if (offset >= this.file.size) return;
    }
  }

  /** Ends it, also on the site. */
  async cancel(): Promise<void> {
    this.stop();
    if (this.url) await this.wire({ method: "DELETE", url: this.url, headers: VERSION });
  }

  /** Sends no more; what has arrived stays. */
  stop() {
    this.stopping.abort();
  }

  private tries = 0;

  /** Asks until an answer comes that says something about the upload. */
  private async ask(question: () => { method: string; url: string; headers: Record<string, string> }): Promise<Answer> {
    for (;;) {
      const answer = await paid(this.wire, { ...question(), signal: this.stopping.signal }, undefined, this.stopping.signal);
      if (this.stopping.signal.aborted) throw new UploadError("stopped");
      if (!passing(answer.status)) {
        this.told.waiting?.(false);
        return answer;
      }
      await this.wait(answer);
    }
  }

  private async wait(answer: Answer) {
    this.tries += 1;
    this.told.waiting?.(true, asksForPatience(answer) ? problemOf(answer)?.words : undefined);
    await pause(this.tries, answer, this.stopping.signal);
    if (this.stopping.signal.aborted) throw new UploadError("stopped");
  }
}

function refusal(answer: Answer): UploadError {
  return [404, 410].includes(answer.status) ? new UploadError("gone") : new UploadError("refused", problemOf(answer)?.words, problemOf(answer)?.file);
}

/** Whether the file can still be read where it was chosen: one that was changed or moved since cannot. */
export async function readable(file: Blob, at = 0): Promise<boolean> {
  try {
    await file.slice(at, at + 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Base64 of UTF-8. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
