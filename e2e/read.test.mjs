// Reading: films that play and seek, pages that fill by themselves, covers, languages, paper, and pages that say "not here".
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch, sides } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";
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

for (const kind of ["mp4", "webm", "mov"]) {
  test(`a film (${kind}) plays and seeks by byte ranges`, async () => {
    const path = { mp4: () => samples.film(), webm: () => samples.webm(), mov: () => samples.film("camera.mov") }[kind]();
    const { link } = await site.post([["file", path]]);
    const { media } = await site.settled(link);
    assert.equal(media[0].state, "ready", JSON.stringify(media[0]));
    const visitor = await Visitor.arrive(browser, site, { locale: "en" });
    const { page } = visitor;
    const ranges = [];
    page.on("response", (response) => response.url().includes("/m/") && response.status() === 206 && ranges.push(response.headers()["content-range"]));
    await page.goto(link);
    const video = page.locator("main video");
    assert.ok(await video.getAttribute("poster"));
    const played = await video.evaluate(async (film) => {
      film.muted = true;
      await film.play();
      await new Promise((done) => film.addEventListener("timeupdate", () => film.currentTime > 0.2 && done()));
      film.pause();
      const wanted = film.duration * 0.75;
      film.currentTime = wanted;
      await new Promise((done) => film.addEventListener("seeked", done, { once: true }));
      return { readyState: film.readyState, duration: film.duration, width: film.videoWidth, away: Math.abs(film.currentTime - wanted) };
    });
    assert.ok(played.readyState >= 2 && played.width > 0 && played.away < 0.1, JSON.stringify(played));
    assert.ok(Math.abs(played.duration * 1000 - media[0].duration_ms) < 150, `${played.duration} and ${media[0].duration_ms}`);
    assert.ok(ranges.length > 0, "the browser got no byte range");
    await visitor.leave();
  });
}

test("without JavaScript a page says that its film is being prepared, and then shows it by itself", async () => {
  const { link } = await site.post([["file", samples.hevc()], ["text", "Soon."]]);
  assert.equal((await site.read(link)).state, "processing");
  const visitor = await Visitor.arrive(browser, site, { locale: "en", javaScriptEnabled: false });
  const { page } = visitor;
  await page.goto(link);
  assert.ok((await page.locator("main").innerText()).includes(words("en", "medium-processing")));
  assert.equal(await page.locator("progress").count(), 1);
  assert.equal(await page.locator("video").count(), 0);
  // Nobody touches anything from here on.
  await page.locator("main video").waitFor({ timeout: 60_000 });
  assert.equal((await site.read(link)).media[0].state, "ready");
  await visitor.leave();
});

test("a sensitive post shows and previews nothing until its reader asks", async () => {
  const { link } = await site.post([["file", samples.photo()], ["title", "Careful"], ["text", "Hidden words."], ["sensitive", "1"]]);
  await site.settled(link);
  for (const javaScriptEnabled of [true, false]) {
    const visitor = await Visitor.arrive(browser, site, { locale: "en", javaScriptEnabled });
    const { page } = visitor;
    await page.goto(link, { waitUntil: "networkidle" });
    const html = await page.content();
    assert.ok(html.includes(words("en", "cover-title")));
    assert.doesNotMatch(html, /Hidden words|\/m\/|og:image|og:description|data:image/);
    assert.deepEqual(visitor.asked.filter((request) => request.url().includes("/m/")).map((request) => request.url()), []);
    await page.locator(".cover a").click();
    await page.locator("main figure picture img").waitFor();
    assert.ok((await page.locator("main").innerText()).includes("Hidden words."));
    await visitor.leave();
  }
});

test("a shared link carries a preview, and only a listed post may be found by search engines", async () => {
  const { link } = await site.post([["file", samples.photo()], ["title", "Kites"], ["text", "Over the hill."], ["listed", "1"], ["alt", "A kite"]]);
  await site.settled(link);
  const answer = await fetch(link, { headers: { accept: "text/html" } });
  assert.equal(answer.headers.get("x-robots-tag"), null);
  const html = await answer.text();
  const meta = (property) => new RegExp(`<meta property="${property}" content="([^"]*)"`).exec(html)?.[1];
  assert.equal(meta("og:title"), "Kites");
  assert.equal(meta("og:url"), link);
  assert.equal(meta("og:image:alt"), "A kite");
  assert.ok(meta("og:image").startsWith(site.url));
  assert.equal((await site.bytes(meta("og:image"))).subarray(0, 2).toString("hex"), "ffd8");
  assert.doesNotMatch(html, /name="robots"/);
  const unlisted = await site.post([["text", "Quiet."]]);
  assert.equal((await fetch(unlisted.link)).headers.get("x-robots-tag"), "noindex");
});

test("a post is read as Markdown and as JSON, exactly as promised", async () => {
  const { link } = await site.post([["file", samples.photo()], ["title", "Kites"], ["text", "Over *the* hill."], ["language", "en"], ["caption", "Red"], ["alt", "A kite"], ["expires", "1h"]]);
  const post = await site.settled(link);
  const markdown = await fetch(`${link}.md`);
  assert.match(markdown.headers.get("content-type"), /^text\/markdown/);
  assert.equal(await markdown.text(), "# Kites\n\nOver *the* hill.\n");
  for (const key of ["id", "url", "state", "title", "text", "language", "created", "expires", "listed", "sensitive", "media"]) assert.ok(key in post, key);
  assert.match(post.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(Date.parse(post.expires) - Date.parse(post.created), 3_600_000);
  assert.deepEqual([post.url, post.state, post.language, post.listed, post.sensitive], [link, "live", "en", false, false]);
  const [medium] = post.media;
  for (const key of ["id", "kind", "state", "caption", "alt", "width", "height", "duration_ms", "progress", "problem", "original", "variants", "poster", "hls"]) assert.ok(key in medium, key);
  assert.deepEqual([medium.kind, medium.state, medium.caption, medium.alt, medium.progress, medium.problem], ["photo", "ready", "Red", "A kite", 1, null]);
  for (const file of [medium.original, ...medium.variants]) {
    const answer = await fetch(new URL(file.url, site.url));
    assert.equal(answer.headers.get("content-type"), file.content_type);
    assert.equal((await answer.arrayBuffer()).byteLength, file.size_bytes);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.match(answer.headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
  }
});

test("the language switch changes the page in place and is remembered", async () => {
  const { link } = await site.post([["text", "Hello"]]);
  for (const javaScriptEnabled of [true, false]) {
    const visitor = await Visitor.arrive(browser, site, { locale: "pl", javaScriptEnabled });
    const { page } = visitor;
    await page.goto(link);
    const html = page.locator("html");
    assert.equal(await html.getAttribute("lang"), "pl");
    await page.locator(".tongues button[lang=ar]").click();
    await page.waitForURL(link);
    assert.deepEqual([await html.getAttribute("lang"), await html.getAttribute("dir")], ["ar", "rtl"]);
    await page.goto(site.url);
    assert.equal(await page.locator("h1").innerText(), words("ar", "composer-heading"));
    // The post's own words keep their direction.
    await page.goto(link);
    assert.deepEqual(await sides(page.locator(".prose p")), ["left"]);
    await visitor.leave();
  }
});

test("a link that leads nowhere says so in the reader's language, with a way on", async () => {
  for (const locale of ["en", "ar", "pl"]) {
    const visitor = await Visitor.arrive(browser, site, { locale });
    const { page } = visitor;
    for (const path of ["/nothing", "/abcdefghijkm", "/abcdefghijkm/manage/abc", "/m/abc/photo.jpg", "/a/b/c/d"]) {
      const answer = await page.goto(site.url + path);
      assert.equal(answer.status(), 404, path);
      assert.ok((await page.locator("main").innerText()).includes(words(locale, "message-not-found")), path);
    }
    await page.locator("main a.primary").click();
    await page.waitForURL(`${site.url}/`);
    await visitor.leave();
  }
});

test("pictures have their place before they load, and the browser takes the size that the screen needs", async () => {
  const { link } = await site.post([["file", samples.photo("big.jpg", "3000x2000")], ["file", samples.animation()], ["text", "Under the pictures."]]);
  const { media } = await site.settled(link);
  assert.deepEqual(media.map((medium) => [medium.kind, medium.state]), [["photo", "ready"], ["animation", "ready"]]);
  for (const width of [360, 1280]) {
    const visitor = await Visitor.arrive(browser, site, { locale: "en", viewport: { width, height: 800 } });
    const { page } = visitor;
    await page.addInitScript(() => {
      window.jumped = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.jumped += entry.value))).observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(link, { waitUntil: "networkidle" });
    assert.equal(await page.evaluate(() => window.jumped), 0);
    const image = await page.locator("figure picture img").first().evaluate((one) => ({ src: one.currentSrc, width: one.naturalWidth, shown: one.clientWidth }));
    const chosen = media[0].variants.find((file) => image.src.endsWith(file.url));
    assert.equal(chosen?.content_type, "image/webp", image.src);
    // Never the original, and no more than the next size above what the screen shows.
    const enough = media[0].variants.filter((file) => file.content_type === "image/webp" && file.width >= image.shown).toSorted((a, b) => a.width - b.width)[0];
    assert.ok(!enough || chosen.width <= enough.width * 1.6, `${chosen.width} for ${image.shown}`);
    await visitor.leave();
  }
});

test("a post prints: its words and pictures and its address, without the site around it", async () => {
  const { link } = await site.post([["file", samples.photo()], ["title", "Kites"], ["text", "Over the hill."]]);
  await site.settled(link);
  const visitor = await Visitor.arrive(browser, site, { locale: "en", colorScheme: "dark" });
  const { page } = visitor;
  await page.goto(link, { waitUntil: "networkidle" });
  await page.emulateMedia({ media: "print" });
  assert.deepEqual(await Promise.all([".top", ".foot", ".download", ".print-url", "h1", ".prose", "figure picture img"].map((one) => page.locator(one).first().isVisible())), [false, false, false, true, true, true, true]);
  assert.equal(await page.locator(".print-url").innerText(), link);
  const paper = await page.pdf();
  await page.goto("about:blank");
  const blank = await page.pdf();
  assert.ok(paper.length > blank.length + 20_000, `${paper.length} bytes, a blank page has ${blank.length}`);
  await visitor.leave();
});
