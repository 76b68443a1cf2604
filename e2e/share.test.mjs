// A post in other people's hands: everything in one file, in another site's page, and covered until it is asked for.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, Visitor } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

let site, browser, samples;
before(async () => {
  site = await Site.start();
  browser = await launch();
  samples = new Samples(site.home);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

test("the zip that the page offers is the size that it says, and unzip finds every original in it", async () => {
  const { link } = await site.post([["file", samples.photo()], ["file", samples.film()], ["title", "طائرات ورقية"], ["caption", "Roofs: \"red\""], ["text", "The *wind* came up."]]);
  const { media } = await site.settled(link);
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false });
  await visitor.page.goto(link);
  const [download] = await Promise.all([visitor.page.waitForEvent("download"), visitor.page.locator(".share a[download]").click()]);
  const path = join(mkdtempSync(join(site.home, "zip-")), "post.zip");
  await download.saveAs(path);
  assert.equal(download.suggestedFilename(), "طائرات ورقية.zip");
  const told = execFileSync("unzip", ["-t", path], { encoding: "utf8" });
  assert.match(told, /01 Roofs red\.jpg +OK/);
  assert.match(told, /02 video\.mp4 +OK/);
  assert.match(told, /No errors detected/);
  assert.equal(execFileSync("unzip", ["-p", path, "post.md"], { encoding: "utf8" }), "# طائرات ورقية\n\nThe *wind* came up.\n");
  for (const [name, medium] of [["01 Roofs red.jpg", media[0]], ["02 video.mp4", media[1]]]) {
    const original = Buffer.from(await (await fetch(`${site.url}${medium.original.url}`)).arrayBuffer());
    assert.ok(original.equals(execFileSync("unzip", ["-p", path, name], { maxBuffer: 1 << 28 })), name);
  }
  const head = await fetch(`${link}.zip`, { method: "HEAD" });
  assert.equal(Number(head.headers.get("content-length")), statSync(path).size);
  await visitor.leave();
});

test("a large zip takes no more memory than a small one, and ends when its reader goes away", async () => {
  // A film that needs no transcoding, repeated as files of one post: the originals are what the zip holds.
  const film = samples.film("noise.mp4", { size: "1280x720", seconds: 8, how: ["-vf", "noise=alls=100:allf=t", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "60M", "-pix_fmt", "yuv420p", "-c:a", "aac"] });
  const { link } = await site.post(Array.from({ length: 4 }, () => ["file", film]));
  await site.settled(link);
  const before = site.memory();
  const answer = await fetch(`${link}.zip`);
  const length = Number(answer.headers.get("content-length"));
  assert.ok(length > 100e6, `${length} bytes are no large zip`);
  let [most, bytes] = [0, 0];
  for await (const piece of answer.body) {
    bytes += piece.length;
    most = Math.max(most, site.memory());
  }
  assert.equal(bytes, length);
  assert.ok(most - before < 32, `${most - before} MiB more for ${length / 1e6} MB`);
  const left = await fetch(`${link}.zip`);
  await left.body.getReader().read();
  await left.body.cancel().catch(() => {});
});

test("another site shows a post by the code that its page offers, and can show no other page of ours", async () => {
  const { link, manage } = await site.post([["file", samples.photo()], ["title", "Kites <over> \"town\""], ["text", "The wind came up."]]);
  await site.settled(link);
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false });
  await visitor.page.goto(link);
  await visitor.page.locator(".share-embed summary").click();
  const code = await visitor.page.locator(".share-embed textarea").inputValue();
  assert.equal(await visitor.page.locator(".share-link input").inputValue(), link);
  await visitor.leave();

  const page = { "/": code, "/other": `<iframe src="${link}"></iframe><iframe src="${manage}"></iframe>` };
  const other = createServer((request, response) => response.setHeader("content-type", "text/html").end(`<!doctype html><title>Another site</title>${page[request.url] ?? ""}`));
  await new Promise((ready) => other.listen(0, "127.0.0.1", ready));
  try {
    const context = await browser.newContext();
    const reader = await context.newPage();
    const elsewhere = `http://localhost:${other.address().port}`;
    await reader.goto(elsewhere);
    const frame = reader.frameLocator("iframe");
    await frame.locator("h1", { hasText: "Kites <over> \"town\"" }).waitFor();
    assert.ok(await frame.locator(".frame picture img").evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
    const [opened] = await Promise.all([context.waitForEvent("page"), frame.locator(".embed-foot a").click()]);
    await opened.waitForURL(link);
    await reader.goto(`${elsewhere}/other`);
    for (const shown of reader.frames().slice(1)) assert.equal(await shown.locator("main").count(), 0, shown.url());
    await context.close();
  } finally {
    other.close();
  }
});

test("a photo that its poster covers is loaded by nobody who has not asked for it, without JavaScript", async () => {
  const { link, manage } = await site.post([["file", samples.photo()], ["file", samples.picture("card.png")], ["text", "Two."]]);
  const { media } = await site.settled(link);
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false });
  await visitor.page.goto(manage);
  // Of several media the fields are folded.
  const cover = visitor.page.locator(`input[name="cover-${media[1].id}"]`);
  if (!(await cover.isVisible())) await visitor.page.locator("details.file-words", { has: cover }).locator("> summary").click();
  await cover.check();
  await visitor.page.locator("button.primary").first().click();
  await visitor.page.waitForURL(/saved/);
  visitor.asked.length = 0;
  await visitor.page.goto(link);
  await visitor.page.waitForLoadState("networkidle");
  const loaded = () => visitor.asked.some((request) => request.url().includes(media[1].id));
  assert.equal(await visitor.page.locator("figure .cover").count(), 1);
  assert.ok(!loaded());
  await visitor.page.locator("figure .cover a").click();
  await visitor.page.waitForURL(/show=2#m2$/);
  await visitor.page.locator("#m2 img").last().evaluate((image) => image.decode());
  assert.ok(loaded());
  assert.deepEqual((await site.read(link)).media.map((medium) => medium.sensitive), [false, true]);
  await visitor.leave();
});
