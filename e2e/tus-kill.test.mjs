// SIGKILL in the middle of resumable uploads: nothing that was acknowledged is asked for again, every file is whole, and no litter stays.
import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { Line } from "./line.mjs";
import { Upload, likePhoto, whole } from "./resuming.mjs";
import { Samples } from "./samples.mjs";
import { Site, sleep, until } from "./site.mjs";

let site, samples;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
});
after(() => site?.stop());

test("a single slow request that a SIGKILL meets goes on near where it was, and what was written down is the file's own", async () => {
  const rate = 400_000;
  const line = await Line.to(site, rate);
  const upload = new Upload(line.url, likePhoto(samples, 4 << 20)).start();
  await until("too little was sent", 30, () => line.sent > 2_600_000);
  await site.kill();
  const { sent } = line;
  line.down();
  await site.serve();
  const kept = site.uploaded(upload.id);
  assert.equal(upload.acknowledged, 0, "it was not in the midst of its first request");
  // At most the last three seconds, and what this machine is late.
  assert.ok(kept.length > sent - 5 * rate && kept.length > 500_000, `${kept.length} of ${sent} bytes were kept`);
  assert.ok(kept.equals(upload.bytes.subarray(0, kept.length)));
  line.up();
  line.rate = Infinity;
  await upload.client.abort();
  await sleep(200);
  upload.start();
  await upload.done;
  await line.close();
  whole(site, upload);
  assert.ok(line.sent < upload.bytes.length + 5 * rate + 100_000, `${line.sent} bytes were sent`);
});

test("SIGKILL at random during fifty resumable uploads: nothing acknowledged is asked for again, and every file is whole", async () => {
  // Slow enough that no moment is without uploads under way, and that a kill meets them anywhere.
  const line = await Line.to(site, 4_000_000);
  const ways = [{ chunkSize: 32 << 10 }, { chunkSize: 128 << 10 }, { chunkSize: 256 << 10, uploadDataDuringCreation: true }, {}];
  const uploads = Array.from({ length: 50 }, (_, number) => new Upload(line.url, likePhoto(samples, 100_000 + Math.floor(Math.random() * 800_000)), ways[number % ways.length]));
  const size = uploads.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let [finished, kills] = [0, 0];
  for (const upload of uploads) upload.done.then(() => (finished += 1));
  const all = Promise.all(uploads.map((upload) => upload.start().done));
  // One who fails ends the waiting, too.
  let over = false;
  all.catch(() => {}).finally(() => (over = true));
  const [begun, hurry] = [Date.now(), 25_000];
  while (!over && Date.now() - begun < hurry) {
    // Some progress between two kills: what is lost with one is what was not acknowledged yet.
    const { sent } = line;
    await until("nothing was sent", 20, () => over || line.sent > sent + 200_000 + Math.random() * 3_000_000);
    await sleep(Math.random() * 20);
    if (over) break;
    await site.kill();
    kills += 1;
    await site.serve();
  }
  line.rate = Infinity;
  await all;
  await line.close();
  for (const upload of uploads) whole(site, upload);
  const resumed = uploads.reduce((sum, upload) => sum + upload.resumed, 0);
  console.log(`${kills} kills, ${resumed} times resumed, ${finished} whole; ${(line.sent / size).toFixed(2)} bytes sent for each of the files`);
  assert.ok(kills >= 5 && resumed >= 20, `${kills} kills, ${resumed} times resumed: the kills proved nothing`);

  // Uploads whose address was lost with the answer, and parts whose rows were, are given up after a day. Nobody waits that long here:
  // everything grows old while the site is stopped.
  await site.kill("SIGTERM");
  const days = Date.now() - 2 * 86_400_000;
  for (const key of site.objects().kept) utimesSync(join(site.data, "objects", key), days / 1000, days / 1000);
  const database = new DatabaseSync(join(site.data, "handbill.db"));
  database.exec(`UPDATE uploads SET touched_ms = ${days}, created_ms = ${days}`);
  database.exec("UPDATE jobs SET run_at_ms = 0 WHERE kind = 'sweep'");
  database.close();
  await site.serve();
  await until("what was given up is still there", 30, () => site.objects().kept.length === 0 && site.objects().wanted.length === 0);
});
