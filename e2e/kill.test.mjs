// SIGKILL in the middle of posting: what was acknowledged is there and whole after the restart, and so is whatever else is there.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { Samples, decodes } from "./samples.mjs";
import { Site, sleep, until } from "./site.mjs";

let site, samples;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
});
after(() => site?.stop());

test("SIGKILL at random during fifty posts: what was acknowledged is there and whole, and whatever else is there is whole too", async () => {
  // Some files are the same as others, so that they share their bytes; some are their post's own.
  const files = [samples.photo(), samples.picture("card.png"), samples.photo("other.jpg", "900x1200"), samples.webm()];
  const acknowledged = [];
  let cut = 0;
  for (let round = 0; round < 5; round++) {
    const enough = acknowledged.length + 1 + Math.floor(Math.random() * 6);
    const posts = Array.from({ length: 10 }, async (_, number) => {
      const title = `Post ${round}-${number}`;
      const chosen = [files[number % files.length], files[(number + round) % files.length]].slice(0, 1 + (number % 2));
      const text = `Words of ${title}`;
      await sleep(number * 60 * Math.random());
      // A post that was cut off has no answer, and promises nothing.
      const answer = await site.post([["title", title], ["text", text], ...chosen.map((file) => ["file", file])]).catch(() => null);
      if (answer?.status === 201) acknowledged.push({ ...answer, title, text, count: chosen.length });
      else cut += 1;
    });
    // While some have their answer, some are on their way, and some have not begun; and while jobs are under way.
    await until("no post was answered", 30, () => acknowledged.length >= enough);
    await sleep(Math.random() * 50);
    await site.kill();
    await Promise.all(posts);
    await site.serve();
  }
  assert.ok(acknowledged.length > 0 && cut > 0, `${acknowledged.length} acknowledged, ${cut} cut off: the kills proved nothing`);

  // Beside what was acknowledged there may be posts whose answer was lost; the database knows them all.
  const database = new DatabaseSync(join(site.data, "handbill.db"), { readOnly: true });
  const ids = database.prepare("SELECT id FROM posts").all().map((row) => row.id);
  database.close();
  for (const { link } of acknowledged) assert.ok(ids.includes(new URL(link).pathname.slice(1)), `${link} was acknowledged and is lost`);

  const seen = new Set();
  for (const id of ids) {
    const post = await site.settled(`${site.url}/${id}`, 120);
    const known = acknowledged.find(({ link }) => link === post.url);
    if (known) assert.deepEqual([post.title, post.text, post.media.length], [known.title, known.text, known.count]);
    assert.match(post.text, /^Words of Post \d-\d$/);
    assert.ok(post.media.length >= 1);
    for (const medium of post.media) {
      assert.equal(medium.state, "ready", JSON.stringify(medium));
      for (const file of [medium.original, ...medium.variants, ...(medium.poster ? [medium.poster] : [])]) {
        const bytes = await site.bytes(file.url);
        assert.equal(bytes.byteLength, file.size_bytes);
        const hash = createHash("sha256").update(bytes).digest("hex");
        if (seen.has(hash)) continue;
        seen.add(hash);
        const copy = join(site.home, "copy");
        writeFileSync(copy, bytes);
        decodes(copy);
      }
    }
  }
  for (const { manage } of acknowledged) assert.equal((await fetch(manage)).status, 200);

  // Objects that nothing refers to are swept every hour, once they are too old to belong to a post that is just arriving. Nobody
  // waits that long here: the objects grow old and the hour is over while the site is stopped.
  await site.kill("SIGTERM");
  const yesterday = new Date(Date.now() - 2 * 86_400_000);
  for (const key of site.objects().kept) utimesSync(join(site.data, "objects", key), yesterday, yesterday);
  const later = new DatabaseSync(join(site.data, "handbill.db"));
  later.exec("UPDATE jobs SET run_at_ms = 0 WHERE kind = 'sweep'");
  later.close();
  await site.serve();
  await site.tidied();
});
