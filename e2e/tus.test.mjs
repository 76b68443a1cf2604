// Resumable uploads by clients that others wrote: tus-js-client, tuspy and curl, over good lines and poor ones.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Line } from "./line.mjs";
import { raw } from "./raw.mjs";
import { Upload, likePhoto, whole } from "./resuming.mjs";
import { Samples } from "./samples.mjs";
import { Site, sleep, until } from "./site.mjs";

const MIB = 1 << 20;
let site, samples;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
});
after(() => site?.stop());

const TUS = { "tus-resumable": "1.0.0" };
const head = async (url) => {
  const answer = await fetch(url, { method: "HEAD", headers: TUS });
  return { status: answer.status, offset: Number(answer.headers.get("upload-offset") ?? NaN) };
};
const create = async (length) => {
  const answer = await fetch(`${site.url}/api/v1/uploads`, { method: "POST", headers: { ...TUS, "upload-length": String(length) } });
  assert.equal(answer.status, 201, await answer.text());
  return answer.headers.get("location");
};

test("tus-js-client uploads in one piece, in many, and together with the creation", async () => {
  const ways = [{}, { chunkSize: 100_000 }, { uploadDataDuringCreation: true }, { uploadDataDuringCreation: true, chunkSize: 64 << 10 }, { overridePatchMethod: true, chunkSize: 300_000 }];
  const uploads = ways.map((way) => new Upload(site.url, likePhoto(samples, MIB + 17), way).start());
  for (const upload of uploads) {
    await upload.done;
    whole(site, upload);
  }
});

test("tus-js-client goes on in another life from the address alone, and gives an upload up for good", async () => {
  const bytes = likePhoto(samples, MIB);
  const first = new Upload(site.url, bytes, { chunkSize: 200_000 });
  first.client.options.onChunkComplete = (_, accepted) => accepted >= 400_000 && first.client.abort();
  first.start();
  await until("two pieces were not acknowledged", 10, () => first.acknowledged >= 400_000);
  const stands = await head(first.url);
  const second = new Upload(site.url, bytes, { uploadUrl: first.url, endpoint: null });
  second.acknowledged = first.acknowledged;
  await second.start().done;
  assert.ok(stands.offset >= 400_000 && second.resumed === 1 && second.begun === 0);
  whole(site, second);
  await second.client.abort(true);
  assert.equal((await head(first.url)).status, 404);
  await until("the bytes of what was given up are still there", 10, () => site.uploaded(second.id).length === 0 && site.objects().kept.every((key) => site.objects().wanted.includes(key)));
});

const python = promisify(execFile);
const tuspy = async (...told) => JSON.parse((await python("python3", [new URL("tus_client.py", import.meta.url).pathname, `${site.url}/api/v1/uploads`, ...told])).stdout);

test("tuspy uploads in pieces with their checksums, by both of its ways to ask", async () => {
  const path = join(site.home, "tuspy.jpg");
  writeFileSync(path, likePhoto(samples, MIB));
  for (const way of [["--chunk", "150000", "--checksum"], ["--in-async", "--checksum"], []]) {
    const { url, offset } = await tuspy(path, ...way);
    assert.equal(offset, MIB);
    assert.ok(site.uploaded(url.split("/").pop()).equals(readFileSync(path)), way.join(" "));
  }
});

test("tuspy stops half-way and goes on in another process, where it was", async () => {
  const path = join(site.home, "half.jpg");
  writeFileSync(path, likePhoto(samples, MIB));
  const known = ["--known", join(site.home, "known.json"), "--chunk", "100000"];
  const first = await tuspy(path, ...known, "--stop-at", "500000");
  const second = await tuspy(path, ...known);
  assert.deepEqual([first.began, first.offset, second.began, second.offset, second.url], [0, 500_000, 500_000, MIB, first.url]);
  assert.ok(site.uploaded(first.url.split("/").pop()).equals(readFileSync(path)));
});

test("curl uploads with nothing but headers", async () => {
  const path = join(site.home, "curl.jpg");
  writeFileSync(path, likePhoto(samples, MIB));
  const url = await create(MIB);
  const done = spawnSync("curl", ["-sS", "--max-time", "30", "-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-H", "Upload-Offset: 0", "-H", "Content-Type: application/offset+octet-stream", "-T", path, "-w", "%{http_code} %header{upload-offset}", url], { encoding: "utf8" });
  assert.equal(done.stdout, `204 ${MIB}`, done.stderr);
  assert.ok(site.uploaded(url.split("/").pop()).equals(readFileSync(path)));
});

test("over a slow line that is cut again and again, and then dead, a file arrives whole and hardly a byte is sent twice", async () => {
  const line = await Line.to(site, 400_000);
  const upload = new Upload(line.url, likePhoto(samples, 3 * MIB)).start();
  try {
    for (const _ of Array(6)) {
      await sleep(300 + Math.random() * 900);
      line.cut();
    }
    // Now as a phone that goes to sleep: nobody tells the site, which waits on for the rest.
    const before = line.sent;
    await until("nothing comes any more", 10, () => line.sent > before + 100_000);
    line.down();
    const went = line.sent;
    await sleep(1500);
    assert.equal(line.sent, went);
    // It wakes up, and its client knows that its connection is dead.
    await upload.client.abort();
    // It takes its own abort for a failure that it has to retry, if it is told to go on before it has noticed.
    await sleep(200);
    line.up();
    upload.start();
    await upload.done;
    whole(site, upload);
    assert.ok(upload.resumed >= 7, `resumed ${upload.resumed} times: the cuts proved nothing`);
    assert.ok(line.sent <= upload.bytes.length * 1.05, `${line.sent} bytes were sent for ${upload.bytes.length}`);
  } finally {
    await line.close();
  }
});

test("a server that stops in good order in mid-upload does not wait for it, and when it is back, next to nothing is sent again", async () => {
  const line = await Line.to(site, 100_000);
  const uploads = [MIB, 2 * MIB].map((length) => new Upload(line.url, likePhoto(samples, length)).start());
  try {
    await sleep(2500);
    const begun = Date.now();
    await site.kill("SIGTERM");
    assert.equal(site.child.exitCode, 0, site.told());
    assert.ok(Date.now() - begun < 10_000, `it stopped after ${Date.now() - begun} ms`);
    await site.serve();
    line.rate = Infinity;
    for (const upload of uploads) {
      await upload.done;
      whole(site, upload);
      assert.ok(upload.resumed >= 1, "it was not under way when the server stopped");
    }
    assert.ok(line.sent <= 3 * MIB * 1.05, `${line.sent} bytes were sent for ${3 * MIB}`);
  } finally {
    await line.close();
  }
});

test("two clients at one upload take it from each other, and the file is whole all the same", async () => {
  const line = await Line.to(site, 2_000_000);
  try {
    const bytes = likePhoto(samples, 2 * MIB);
    const first = new Upload(line.url, bytes).start();
    await until("it was not begun", 10, () => first.url);
    const second = new Upload(line.url, bytes, { uploadUrl: first.url, chunkSize: 300_000 });
    await sleep(300);
    second.start();
    await Promise.all([first.done, second.done]);
    whole(site, first);
    assert.deepEqual(second.broken, []);
  } finally {
    await line.close();
  }
});

/** A PATCH, byte by byte. */
const patch = (url, lines) => [`PATCH ${new URL(url).pathname} HTTP/1.1`, "Host: 127.0.0.1", "Tus-Resumable: 1.0.0", "Content-Type: application/offset+octet-stream", ...lines, "", ""].join("\r\n");

test("lies about the length of a request neither add nor lose a byte", async () => {
  const bytes = likePhoto(samples, 40_000);
  const url = await create(bytes.length);
  const id = url.split("/").pop();
  // It says less than it sends: what is beyond is no body, and as a request it is nonsense.
  const less = await raw(site, [patch(url, ["Upload-Offset: 0", "Content-Length: 10000"]), bytes.subarray(0, 20_000)], { seconds: 2 });
  assert.equal(less.statuses[0], 204, less.text);
  assert.equal((await head(url)).offset, 10_000);
  // It says more than it sends, and goes: what came is kept.
  await raw(site, [patch(url, ["Upload-Offset: 10000", "Content-Length: 30000"]), bytes.subarray(10_000, 25_000), 300], { half: true });
  assert.equal((await head(url)).offset, 25_000);
  // It sends more than the file has: none of that is believed.
  const more = await raw(site, [patch(url, ["Upload-Offset: 25000", "Content-Length: 15001"]), bytes.subarray(25_000), "x"], { seconds: 2 });
  assert.equal(more.statuses[0], 413, more.text);
  assert.equal((await head(url)).offset, 25_000);
  // It breaks off within a chunk of its own making.
  await raw(site, [patch(url, ["Upload-Offset: 25000", "Transfer-Encoding: chunked"]), "FFFF\r\n", bytes.subarray(25_000, 35_000), 300], { half: true });
  assert.equal((await head(url)).offset, 35_000);
  await raw(site, [patch(url, ["Upload-Offset: 35000", "Transfer-Encoding: chunked"]), "1388\r\n", bytes.subarray(35_000), "\r\n0\r\n\r\n"], { seconds: 2 });
  assert.ok(site.uploaded(id).equals(bytes));
  assert.equal((await fetch(`${site.url}/healthz`)).status, 200);
});
