// A full disk: new posts are refused with words and a time to come back, old ones are served, and space that is freed is used.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Samples } from "./samples.mjs";
import { Site, until } from "./site.mjs";

const MIB = 1 << 20;
let disk, samples, ballast;
let why = false;

before(() => {
  disk = mkdtempSync(join(tmpdir(), "handbill-disk-"));
  samples = new Samples(disk + "-samples");
  ballast = join(disk, "ballast");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=48m,mode=700", "handbill-e2e", disk], { stdio: "pipe" });
  } catch (error) {
    console.error(`\n!!! NOT TRIED: what becomes of a full disk (needs root, to mount a small one)\n`);
    why = `a small disk cannot be mounted here: ${String(error.stderr).trim() || error.message}`;
  }
});
after(() => {
  if (!why) execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
  rmSync(disk + "-samples", { recursive: true, force: true });
});

const free = () => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};
/** A photo of a few megabytes that is like no other. */
let count = 0;
const photo = () => ({ name: "photo.jpg", bytes: Buffer.concat([readFileSync(samples.photo()), Buffer.alloc(3 * MIB, `${(count += 1)} `)]) });

/** A refusal that a person and a program can understand. */
function refused(answer) {
  assert.ok([503, 507].includes(answer.status), `${answer.status}: ${answer.text}`);
  assert.match(answer.text, /^! .{10,}/);
  assert.ok(Number(answer.headers.get("retry-after")) > 0);
}

test("space that is to stay free stays free: uploads are refused in good time, words and old posts are not", async (t) => {
  if (why) return t.skip(why);
  mkdirSync(join(disk, "kept"));
  const site = await Site.start({ data: join(disk, "kept"), settings: { LIMITS__DISK_FREE_BYTES: 24 * MIB } });
  try {
    const old = await site.post([["file", samples.photo()], ["text", "Old"]]);
    await site.settled(old.link);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - 20 * MIB)));
    refused(await site.post([["file", photo()]]));
    const told = await fetch(site.url, { method: "POST", body: (() => { const body = new FormData(); body.append("file", new Blob([photo().bytes]), "photo.jpg"); return body; })(), headers: { accept: "text/html", "accept-language": "pl" } });
    assert.equal(told.status, 503);
    assert.match(await told.text(), /lang="pl"[\s\S]*photo\.jpg/);
    // The words of a post whose picture found no room are kept.
    const words = await site.post([["text", "No room for pictures"], ["file", photo()]]);
    assert.equal(words.status, 201, words.text);
    assert.match(words.refused[0], /^! photo\.jpg: /);
    assert.match(await (await fetch(`${site.url}/healthz`)).text(), /disk/);
    assert.equal((await site.read(old.link)).text, "Old");
    rmSync(ballast);
    assert.equal((await site.settled((await site.post([["file", photo()]])).link)).media[0].state, "ready");
  } finally {
    rmSync(ballast, { force: true });
    await site.stop();
    rmSync(join(disk, "kept"), { recursive: true });
  }
});

test("a disk that is full in the middle of an upload: a clear answer, nothing half-written, old posts served, and then it goes on", async (t) => {
  if (why) return t.skip(why);
  mkdirSync(join(disk, "full"));
  // What somebody else has on this disk, and takes away later: more than what is being prepared by then can fill again.
  const others = join(disk, "others");
  writeFileSync(others, Buffer.alloc(12 * MIB));
  const site = await Site.start({ data: join(disk, "full"), settings: { LIMITS__DISK_FREE_BYTES: 0 } });
  try {
    const old = await site.post([["file", samples.photo()], ["text", "Old"]]);
    const { media: [medium] } = await site.settled(old.link);
    const given = [];
    let answer;
    for (let posts = 0; posts < 30; posts++) {
      answer = await site.post([["file", photo()]]);
      if (answer.status !== 201) break;
      given.push(answer.link);
    }
    refused(answer);
    // Not a byte is left for the database either.
    try {
      writeFileSync(ballast, Buffer.alloc(48 * MIB));
    } catch (error) {
      assert.equal(error.code, "ENOSPC");
    }
    assert.equal(free(), 0);
    // Some words find room in what the database has reserved already.
    for (let posts = 0; posts < 10; posts++) {
      answer = await site.post([["text", "words ".repeat(150_000)]]);
      if (answer.status !== 201) break;
    }
    refused(answer);
    assert.equal((await fetch(`${site.url}/healthz`)).status, 200);
    assert.equal((await site.read(old.link)).text, "Old");
    assert.equal((await fetch(old.link, { headers: { accept: "text/html" } })).status, 200);
    for (const file of [medium.original, ...medium.variants]) assert.equal((await site.bytes(file.url)).byteLength, file.size_bytes);

    rmSync(ballast);
    rmSync(others);
    for (const link of given.slice(2)) await site.read(link);
    const { manage } = old;
    // What is being prepared may take what was freed, and gives it back: whoever is told to come back does.
    await until("nothing can be deleted", 20, async () => {
      const { status } = await fetch(`${manage}/delete`, { method: "POST" });
      assert.ok([200, 503, 507].includes(status), `${status} ${free()} ${site.told()}`);
      return status === 200;
    });
    writeFileSync(ballast, "");
    await until("it does not go on", 30, async () => {
      const fresh = await site.post([["text", "It goes on"]]);
      if (fresh.status !== 201) refused(fresh);
      return fresh.status === 201;
    });
    // What was acknowledged before the disk was full is there; its media are ready, or their poster is told why not.
    for (const link of given) {
      const { media } = await site.read(link);
      assert.equal(media.length, 1);
    }
    await site.tidied();
  } finally {
    rmSync(ballast, { force: true });
    rmSync(others, { force: true });
    await site.stop();
  }
});
