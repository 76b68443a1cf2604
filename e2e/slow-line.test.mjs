// A poor line, as in a moving train: 400 kbit/s, cut off at random, once for a long while without a word.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { after, before, test } from "node:test";
import { Visitor, launch, publish, published } from "./browser.mjs";
import { Line } from "./line.mjs";
import { Samples } from "./samples.mjs";
import { Site, sleep } from "./site.mjs";

let site, browser, samples, line;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
  browser = await launch();
  line = await Line.to(site, 50_000);
});
after(async () => {
  await browser?.close();
  await line?.close();
  await site?.stop();
});

test("a photo of 12 megapixels and a film arrive whole over 400 kbit/s with cuts, and hardly a byte is sent twice", async () => {
  const all = [samples.photo("large.jpg", "4000x3000"), samples.film("train.mp4", { seconds: 6 })];
  const bytes = all.reduce((sum, path) => sum + statSync(path).size, 0);
  assert.ok(bytes > 2_000_000 && bytes < 5_000_000, `${bytes} bytes`);
  const visitor = await Visitor.arrive(browser, { url: line.url }, { locale: "en" });
  const { page } = visitor;
  await page.goto(line.url);
  await page.locator("form.live").waitFor();
  await page.locator("input[type=file][name=file]").setInputFiles(all);
  await publish(page);
  const begun = Date.now();
  const { link } = await published(page);
  const waited = (Date.now() - begun) / 1_000;
  const before = line.sent;
  let cuts = 0;
  const done = site.settled(link.replace(line.url, site.url), 240);
  let over = false;
  void done.then(() => (over = true), () => (over = true));
  while (!over) {
    await sleep(4_000 + Math.random() * 8_000);
    if (over) break;
    cuts += 1;
    line.cut();
  }
  const { media } = await done;
  assert.deepEqual(media.map(({ state, kind }) => `${kind} ${state}`), ["photo ready", "video ready"]);
  assert.ok(cuts > 2, `${cuts} cuts prove nothing`);
  console.log(`link after ${waited.toFixed(1)} s; ${cuts} cuts; ${line.sent} bytes sent for ${bytes}: ${(line.sent / bytes).toFixed(3)}`);
  assert.ok(waited < 15, `the link took ${waited} s`);
  assert.ok(before < bytes / 3, "the link came only when most had arrived");
  assert.ok(line.sent < bytes * 1.05, `${line.sent} bytes for ${bytes}`);
});
