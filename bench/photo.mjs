// A phone's photo of 12 MP: from the start of the POST until its WebP of 400 px has been fetched, beside what libjpeg-turbo's
// `djpeg` needs to decode the same file; then four clients at a time, and the memory that takes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numbered, photo } from "./material.mjs";
import { ask, handbill, publish, sleep, tree_mib, until } from "./programs.mjs";
import { median, shell_ms, timed } from "./numbers.mjs";

export async function measure({ quick }) {
  const jpeg = photo({ width: 4032, height: 3024 });
  const directory = mkdtempSync(join(tmpdir(), "handbill-bench-photo-"));
  writeFileSync(join(directory, "photo.jpg"), jpeg);
  const site = await handbill();
  let number = 0;
  const once = () => untilSeen(site, numbered(jpeg, number++));
  try {
    await once();
    const [whole, answered, decoded] = [[], [], []];
    for (let round = 0; round < (quick ? 5 : 21); round++) {
      decoded.push(djpeg_ms(directory));
      const times = await once();
      whole.push(times.seen_ms);
      answered.push(times.answered_ms);
    }

    const rounds = quick ? 2 : 6;
    const together = [];
    const four = async (each) => Promise.all([1, 2, 3, 4].map(async () => { for (let i = 0; i < rounds; i++) each(await once()); }));
    const all_ms = await timed(() => four((times) => together.push(times.seen_ms)));

    // In a round of its own: looking at memory takes time from what is looked at.
    let [peak_mib, done] = [0, false];
    const idle_mib = tree_mib(site);
    const work = four(() => {}).finally(() => (done = true));
    while (!done) {
      peak_mib = Math.max(peak_mib, tree_mib(site));
      await sleep(20);
    }
    await work;

    const size = `${(jpeg.length / 1e6).toFixed(1)} MB`;
    return [
      { id: "photo-1-client", what: `12 MP photo (${size}), 1 client: POST until its 400 px WebP is fetched`, ours: median(whole), unit: "ms", beside: { name: "djpeg", value: median(decoded) }, target: { ratio_at_most: 4 }, samples: { whole, decoded } },
      { id: "photo-1-client-link", what: "the same: until the link is given", ours: median(answered), unit: "ms", samples: { answered } },
      { id: "photo-4-clients", what: "12 MP photo, 4 clients: until its 400 px WebP is fetched", ours: median(together), unit: "ms", beside: { name: "djpeg", value: median(decoded) }, samples: { together } },
      { id: "photo-4-clients-rate", what: "12 MP photos a second, 4 clients", ours: (together.length * 1000) / all_ms, unit: "/s" },
      { id: "photo-4-clients-memory", what: `memory with children at its highest, 4 clients (idle ${idle_mib.toFixed(0)} MiB)`, ours: peak_mib, unit: "MiB" },
    ];
  } finally {
    await site.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

// Times one post of a photo until its 400 px WebP is there.
export async function untilSeen(site, jpeg, pause_ms = 2) {
  const start = performance.now();
  const path = await publish(site, [["file", jpeg, "photo.jpg"]]);
  const answered_ms = performance.now() - start;
  const variant = await until(site, path, (medium) => medium.variants.find((file) => file.width === 400 && file.content_type === "image/webp"), { pause_ms });
  const { status, bytes } = await ask(site, variant.url);
  const seen_ms = performance.now() - start;
  if (status !== 200 || bytes.subarray(8, 12).toString() !== "WEBP") throw new Error(`the variant was answered with ${status}`);
  return { answered_ms, seen_ms };
}

function djpeg_ms(directory) {
  return shell_ms("djpeg -outfile /dev/null photo.jpg", { cwd: directory });
}
