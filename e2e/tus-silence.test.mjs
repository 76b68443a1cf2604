// A minute without a line. It takes a minute, so it stands beside the other tests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Line } from "./line.mjs";
import { Upload, likePhoto, whole } from "./resuming.mjs";
import { Samples } from "./samples.mjs";
import { Site, sleep } from "./site.mjs";

let site, samples;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
});
after(() => site?.stop());

test("after more than a minute without a line, of which neither side is told, an upload goes on and hardly a byte is sent twice", async () => {
  const line = await Line.to(site, 400_000);
  try {
    const upload = new Upload(line.url, likePhoto(samples, 1 << 20)).start();
    await sleep(1000);
    const { sent } = line;
    assert.ok(sent > 100_000 && upload.acknowledged === 0, "it is not in the middle of it");
    await line.pause(65_000);
    await upload.done;
    whole(site, upload);
    assert.ok(line.sent <= upload.bytes.length * 1.05, `${line.sent} bytes were sent for ${upload.bytes.length}`);
  } finally {
    await line.close();
  }
});
