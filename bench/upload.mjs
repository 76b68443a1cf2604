// The memory of the server while it takes a film of 2 GiB, above what it needs when idle. Nothing here holds the film either.
import { filmHead } from "./material.mjs";
import { ask, forgetPeak, handbill, peak_mib, publish, rss_mib, sleep, until } from "./programs.mjs";

export async function measure({ quick }) {
  const size = quick ? 1 << 28 : 2 ** 31;
  const site = await handbill();
  try {
    // Idle is after some work, not before all of it.
    await publish(site, [["text", "Words."]]);
    await ask(site, "/");
    await sleep(500);
    forgetPeak(site);
    const idle = rss_mib(site);

    const boundary = "----handbill-bench-boundary";
    const before = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\n`);
    const after = Buffer.from(`\r\n--${boundary}--\r\n`);
    const head = filmHead(size);
    function* body() {
      yield before;
      yield head;
      const chunk = Buffer.alloc(1 << 20, "free");
      for (let left = size - head.length; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
      yield after;
    }
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}`, "content-length": before.length + size + after.length };
    const start = performance.now();
    const answer = await ask(site, "/", { method: "POST", headers, body: body() });
    const seconds = (performance.now() - start) / 1000;
    const peak = peak_mib(site);
    if (answer.status !== 201) throw new Error(`the film was answered with ${answer.status}: ${answer.bytes}`);
    // A site that threw the bytes away would need no memory either.
    const path = new URL(answer.bytes.toString().split("\n")[0]).pathname;
    await until(site, path, (medium) => medium.state === "ready", { pause_ms: 100, limit_ms: 120_000 });

    const what = `upload of ${size / 2 ** 20} MiB`;
    return [
      { id: "upload-memory", what: `${what}: the server's memory above idle (${idle.toFixed(0)} MiB)`, ours: peak - idle, unit: "MiB", target: { at_most: 64 } },
      { id: "upload-memory-ready", what: "the same, until the film can be watched", ours: peak_mib(site) - idle, unit: "MiB" },
      { id: "upload-speed", what: `${what}: MB a second, until the link is given`, ours: size / 1e6 / seconds, unit: "/s" },
    ];
  } finally {
    await site.stop();
  }
}
