// Resumable uploads as tus-js-client makes them, a client that others wrote; beside it, what was promised is written down and compared.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import * as tus from "tus-js-client";

/** A file that begins as a photo, that is like no other, and that is as long as wanted. */
export const likePhoto = (samples, length) => Buffer.concat([readFileSync(samples.photo()).subarray(0, 8192), randomBytes(length - 8192)]);

/** One file on its way. `done` is fulfilled when its last byte is acknowledged. */
export class Upload {
  /** The furthest offset that the site has acknowledged. */
  acknowledged = 0;
  /** What the site asked for though it had acknowledged it, and uploads that it did not know any more. */
  broken = [];
  begun = 0;
  resumed = 0;

  constructor(url, bytes, options = {}) {
    this.bytes = bytes;
    this.done = new Promise((done, failed) => {
      this.client = new tus.Upload(bytes, {
        endpoint: `${url}/api/v1/uploads`,
        metadata: { filename: "عيد.jpg", filetype: "image/jpeg" },
        retryDelays: Array(300).fill(100),
        onSuccess: () => done(this),
        onError: failed,
        onBeforeRequest: (request) => this.#asks(request),
        onAfterResponse: (request, response) => this.#hears(request, response),
        ...options,
      });
    });
    // Whoever waits for `done` hears of it; a test that failed before is not failed twice.
    this.done.catch(() => {});
  }

  start() {
    this.client.start();
    return this;
  }

  get url() {
    return this.client.url;
  }

  get id() {
    return this.url.split("/").pop();
  }

  #asks(request) {
    if (request.getMethod() !== "PATCH") return;
    const offset = Number(request.getHeader("Upload-Offset"));
    if (offset < this.acknowledged) this.broken.push(`asked for ${offset} after ${this.acknowledged} was acknowledged`);
  }

  #hears(request, response) {
    const [method, status] = [request.getMethod(), response.getStatus()];
    if (method === "POST" && status === 201) this.begun += 1;
    if (this.begun > 1) this.broken.push("an upload that was acknowledged was begun anew");
    if (method === "HEAD") this.resumed += 1;
    if (method === "HEAD" && status !== 200 && status < 500) this.broken.push(`asked where it stands, the site answers ${status}`);
    const offset = Number(response.getHeader("Upload-Offset") ?? NaN);
    if (status >= 300 || Number.isNaN(offset)) return;
    if (offset < this.acknowledged) this.broken.push(`${method} says ${offset} after ${this.acknowledged} was acknowledged`);
    this.acknowledged = Math.max(this.acknowledged, offset);
  }
}

/** What the site keeps of an upload is the file, to the last byte. */
export function whole(site, upload) {
  assert.deepEqual(upload.broken, []);
  const kept = site.uploaded(upload.id);
  assert.equal(kept.length, upload.bytes.length);
  assert.ok(kept.equals(upload.bytes), `${upload.url} is not the file that was sent`);
}
