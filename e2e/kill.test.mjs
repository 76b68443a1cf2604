// SIGKILL in the middle of posting: what was acknowledged is there and whole after the restart.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Site } from "./site.mjs";

let site;
before(async () => (site = await Site.start()));
after(() => site?.stop());

test("every acknowledged post out of fifty survives kills at random moments, whole", async () => {
  const photo = readFileSync(site.photo());
  const acknowledged = [];
  for (let round = 0; round < 5; round++) {
    const posts = Array.from({ length: 10 }, async (_, number) => {
      const body = new FormData();
      body.append("title", `Post ${round}-${number}`);
      body.append("file", new Blob([photo]), "photo.jpg");
      // A post that was cut off has no answer, and promises nothing.
      const answer = await fetch(site.url, { method: "POST", body }).then(async (response) => response.status === 201 && (await response.text()), () => false);
      if (answer) acknowledged.push({ link: answer.split("\n")[0], title: `Post ${round}-${number}` });
    });
    await new Promise((done) => setTimeout(done, 20 + Math.random() * 400));
    await site.kill();
    await Promise.all(posts);
    await site.serve();
  }
  for (const { link, title } of acknowledged) {
    const post = await site.settled(link);
    assert.equal(post.title, title);
    assert.equal(post.media[0].state, "ready");
    for (const file of [post.media[0].original, ...post.media[0].variants]) {
      const bytes = await fetch(new URL(file.url, site.url)).then((response) => response.arrayBuffer());
      assert.equal(bytes.byteLength, file.size_bytes);
    }
  }
});
