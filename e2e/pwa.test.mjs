// The site as an app: it opens without a line, keeps a post until there is one, and takes what other apps share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Visitor, launch, publish, published } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site, until } from "./site.mjs";
import { words } from "./words.mjs";

let site, browser, samples;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A visitor whose browser has the worker: it comes with the first thing that is done on the page. */
async function settled(locale = "en") {
  const visitor = await Visitor.arrive(browser, site, { locale });
  await visitor.page.goto(site.url);
  await visitor.page.locator("form.live").waitFor();
  await visitor.page.locator("input[name=title]").fill("x");
  await visitor.page.locator("input[name=title]").fill("");
  await visitor.page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => new Promise((done) => (active.state === "activated" ? done() : active.addEventListener("statechange", () => active.state === "activated" && done())))));
  return visitor;
}
/** What a line that is down writes into the console is no fault of the page. */
const forgive = (visitor) => (visitor.troubles = visitor.troubles.filter((words) => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_FAILED/.test(words)));

test("the manifest is in the reader's language, and everything in it is there", async () => {
  for (const locale of ["en", "ar"]) {
    const answer = await fetch(`${site.url}/manifest.webmanifest`, { headers: { "accept-language": locale } });
    assert.equal(answer.headers.get("content-type"), "application/manifest+json");
    const manifest = await answer.json();
    assert.deepEqual([manifest.lang, manifest.dir, manifest.description], [locale, locale === "ar" ? "rtl" : "ltr", words(locale, "about-lead")]);
    for (const { src, sizes } of manifest.icons) {
      const bytes = await site.bytes(src);
      assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
    }
  }
});

test("without a line the composer opens, a post is kept on the device, and it goes out once, whole, when the line is back", async () => {
  const visitor = await settled();
  const { page } = visitor;
  await site.kill();
  await page.goto(site.url);
  await page.locator("form.live").waitFor();
  await page.locator("input[type=file][name=file]").setInputFiles([samples.photo(), samples.picture("card.png")]);
  await page.locator("input[name=title]").fill("From the tunnel");
  await publish(page);
  await page.locator(".outcome-waiting").waitFor();
  assert.equal(await page.locator("h1").innerText(), words("en", "publish-waiting"));
  // The page is closed meanwhile, and opened again: still without a line.
  await page.goto(site.url);
  await page.locator(".behind-status", { hasText: words("en", "publish-waiting") }).waitFor();
  await site.serve();
  // It went out while this page was about something else: its links wait until they are looked at.
  await page.locator(".behind [role=status] a[href]").waitFor();
  await page.locator(".behind-status", { hasText: words("en", "outcome-all-arrived") }).waitFor();
  await page.goto(site.url);
  await page.locator(".behind [role=status] a[href]").waitFor();
  await page.locator(".behind summary").first().click();
  const { link, manage } = await published(page);
  const { title, media } = await site.settled(link);
  assert.deepEqual([title, ...media.map(({ state }) => state)], ["From the tunnel", "ready", "ready"]);
  assert.equal((await fetch(manage)).status, 200);
  forgive(visitor);
  await visitor.leave();
});

test("an answer to Publish that is lost neither doubles the post nor loses its manage link", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  const answers = [];
  await page.route("**/api/v1/posts", async (route) => {
    const answer = await route.fetch();
    answers.push(await answer.json());
    // The site has made the post; the first two answers never come.
    if (answers.length < 3) await route.abort("connectionreset");
    else await route.fulfill({ response: answer });
  });
  await page.goto(site.url);
  await page.locator("form.live").waitFor();
  await page.locator("textarea[name=text]").fill("Once.");
  await publish(page);
  const { link, manage } = await published(page);
  assert.equal(answers.length, 3);
  for (const answer of answers) assert.deepEqual([answer.url, answer.manage_url], [link, manage]);
  forgive(visitor);
  await visitor.leave();
});

test("the worker keeps the composer and its parts, and no post, page or medium", async () => {
  const visitor = await settled();
  const { page } = visitor;
  const { link } = await site.post([["file", samples.photo()], ["title", "Not kept"]]);
  await site.settled(link);
  await page.goto(link);
  await page.goto(`${site.url}/about`);
  await page.goto(site.url);
  const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).flat());
  assert.ok(kept.includes("/") && kept.length > 5, kept.join());
  for (const path of kept) assert.match(path, /^\/(assets\/.*)?$/);
  await visitor.leave();
});

test("what another app shares is laid into the composer", async () => {
  const visitor = await settled("ar");
  const { page } = visitor;
  // Another post has just gone out here: what is shared is not about that.
  await page.locator("input[name=title]").fill("قبلها");
  await publish(page);
  await published(page);
  const photo = readFileSync(samples.photo()).toString("base64");
  await Promise.all([
    page.waitForNavigation(),
    page.evaluate((photo) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/share", enctype: "multipart/form-data" });
      for (const [name, value] of [["title", "طائرة"], ["text", "فوق التل"], ["url", "https://example.org/kites"]]) form.append(Object.assign(document.createElement("input"), { name, value }));
      const input = Object.assign(document.createElement("input"), { type: "file", name: "file" });
      const files = new DataTransfer();
      files.items.add(new File([Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0))], "shared.jpg", { type: "image/jpeg" }));
      input.files = files.files;
      form.append(input);
      document.body.append(form);
      form.submit();
    }, photo),
  ]);
  assert.equal(new URL(page.url()).pathname, "/");
  await page.locator(".row[data-state=arrived]").waitFor();
  assert.equal(await page.locator(".outcome, .behind").count(), 0, "the post before stands before what is shared");
  assert.equal(await page.locator("input[name=title]").inputValue(), "طائرة");
  assert.equal(await page.locator("textarea[name=text]").inputValue(), "فوق التل\n\nhttps://example.org/kites");
  await publish(page);
  const { link } = await published(page);
  assert.equal((await site.settled(link)).media.length, 1);
  await visitor.leave();
});

test("where there is no worker, the site makes a post of what is shared", async () => {
  const body = new FormData();
  for (const [name, value] of [["title", "Kites"], ["text", "Over the hill"], ["url", "https://example.org/kites"]]) body.append(name, value);
  body.append("file", new Blob([readFileSync(samples.photo())]), "shared.jpg");
  const answer = await fetch(`${site.url}/share`, { method: "POST", body, headers: { accept: "text/html" }, redirect: "manual" });
  assert.equal(answer.status, 303);
  assert.match(answer.headers.get("location"), /\/manage\/.*\?published/);
  const post = await site.settled(`${site.url}${answer.headers.get("location").split("/manage/")[0]}`);
  assert.deepEqual([post.title, post.text, post.media.length], ["Kites", "Over the hill\n\nhttps://example.org/kites", 1]);
  // The same field is none of the ordinary form's.
  assert.equal((await site.post([["url", "https://example.org"], ["text", "x"]])).status, 400);
});
