// Posting, reading, managing and deleting in a real browser, with and without JavaScript, in both directions.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Visitor, files, launch, publish, published, sides } from "./browser.mjs";
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

const direction = (page) => page.locator("html").getAttribute("dir");
/** Fails unless what is seen there holds these words. */
const tells = async (where, ...all) => {
  const seen = await where.innerText();
  for (const wanted of all) assert.ok(seen.includes(wanted), `${JSON.stringify(wanted)} is not in ${JSON.stringify(seen)}`);
};
/** Opens what asks "are you sure?" and says yes. */
const sure = async (scope) => {
  await scope.locator("summary").click();
  await scope.locator("button.danger").click();
};

for (const [locale, javaScriptEnabled] of [["en", true], ["en", false], ["ar", true], ["ar", false], ["pl", true]]) {
  const reader = { locale, javaScriptEnabled };
  const dir = locale === "ar" ? "rtl" : "ltr";

  describe(`${locale}, JavaScript ${javaScriptEnabled ? "on" : "off"}:`, () => {
    test("a photo is posted in two actions, read, edited and deleted for good", async () => {
      const visitor = await Visitor.arrive(browser, site, reader);
      const { page } = visitor;
      await page.goto(site.url);
      assert.equal(await direction(page), dir);
      assert.equal(await page.locator("html").getAttribute("lang"), locale);

      await visitor.act(() => files(page).setInputFiles(samples.photo()));
      await visitor.act(publish);
      const { manage, link } = await published(page);
      assert.equal(visitor.actions, 2);
      assert.equal(await direction(page), dir);
      const shown = await page.locator("input.link").evaluateAll((inputs) => inputs.map((input) => input.value));
      assert.deepEqual(shown, [link, manage]);
      // Lost means lost, and the page says so when it hands the link out.
      await tells(page.locator("main"), words(locale, "manage-lost"));

      const { media } = await site.settled(link);
      assert.equal(media[0].state, "ready");
      const medium = media[0];
      await page.locator("a.primary").first().click();
      await page.waitForURL(link);
      const image = page.locator("main figure picture img");
      await image.scrollIntoViewIfNeeded();
      await page.waitForFunction(() => document.querySelector("figure picture img").naturalWidth > 0);
      const kind = words(locale, "media-photo-number").replace(/\{.*\}/, "").trim();
      await page.getByRole("figure", { name: new RegExp(`^${kind} \\S+$`) }).waitFor({ timeout: 2_000 });
      assert.equal(await page.locator("meta[name=robots]").getAttribute("content"), "noindex");
      const download = join(site.home, "download.jpg");
      writeFileSync(download, await site.bytes(await page.locator("a.download[download]").first().getAttribute("href")));
      assert.doesNotMatch(execFileSync("exiftool", ["-a", "-G1", download], { encoding: "utf8" }), /GPS|Kite|2026:01:02/);

      await page.goto(manage);
      await page.locator("input[name=title]").fill("طائرة ورقية / A kite");
      await page.locator("textarea[name=text]").fill("Over the *hill*.\n\nفوق التل.");
      await page.locator(`input[name="caption-${medium.id}"]`).fill("The red one <3");
      await page.locator(`input[name="alt-${medium.id}"]`).fill("A red kite over a hill");
      await page.locator("form:has(textarea) button.primary").click();
      await page.waitForURL(/\?saved/);
      await tells(page.locator(".good"), words(locale, "manage-saved"));
      await page.goto(link);
      assert.equal(await page.locator("h1").innerText(), "طائرة ورقية / A kite");
      assert.equal(await page.locator(".prose em").innerText(), "hill");
      assert.equal(await page.locator("figcaption.caption").innerText(), "The red one <3");
      await page.getByRole("figure", { name: "The red one <3", exact: true }).waitFor({ timeout: 2_000 });
      assert.equal(await image.getAttribute("alt"), "A red kite over a hill");
      // What people write finds its own direction, whatever the page's is.
      assert.deepEqual(await sides(page.locator(".prose p")), ["left", "right"]);

      await page.goto(manage);
      await sure(page.locator("section.end"));
      await page.waitForURL(/\/delete$/);
      await tells(page.locator("main"), words(locale, "message-deleted"));
      const gone = await page.goto(link);
      assert.equal(gone.status(), 410);
      await tells(page.locator("main"), words(locale, "message-gone"));
      for (const path of [`${link}.json`, `${link}.md`, ...medium.variants.map((file) => file.url), medium.original.url]) {
        assert.ok([404, 410].includes((await fetch(new URL(path, site.url))).status), path);
      }
      assert.equal((await page.goto(manage)).status(), 410);
      await visitor.leave();
    });

    if (locale === "pl") return;

    test("words, photos and a film stand in one post, in the order in which they were chosen; one of them goes for good", async () => {
      const visitor = await Visitor.arrive(browser, site, reader);
      const { page } = visitor;
      await page.goto(site.url);
      await files(page).setInputFiles([samples.picture("wide.png", "800x200"), samples.film(), samples.photo(), samples.picture("tall.jpg", "200x800")]);
      await page.locator("input[name=title]").fill("Four");
      await page.locator("textarea[name=text]").fill("One post.");
      await publish(page);
      const { manage, link } = await published(page);
      const { media, text } = await site.settled(link);
      assert.equal(text, "One post.");
      const what = (all) => all.map((medium) => `${medium.kind} ${medium.width}x${medium.height}`);
      const order = ["photo 800x200", "video 640x360", "photo 1200x900", "photo 200x800"];
      assert.deepEqual(what(media), order);
      await page.goto(link);
      const drawn = await page.locator("main figure").evaluateAll((all) => all.map((one) => one.querySelector("video, picture img")).map((one) => `${one.tagName === "VIDEO" ? "video" : "photo"} ${one.getAttribute("width")}x${one.getAttribute("height")}`));
      assert.deepEqual(drawn, order);

      await page.goto(manage);
      const second = page.locator(".medium-edit").nth(1);
      await tells(second.locator(".file-name"), words(locale, "media-video-number").replace(/\{.*\}/, "").trim());
      await second.locator(".file-words > summary").click();
      await sure(second.locator(".sure"));
      await page.waitForURL(/\?saved/);
      assert.deepEqual(what((await site.read(link)).media), order.toSpliced(1, 1));
      assert.equal((await fetch(new URL(media[1].original.url, site.url))).status, 404);
      assert.equal((await fetch(new URL(media[0].original.url, site.url))).status, 200);
      await visitor.leave();
    });

    test("words alone are a post", async () => {
      const visitor = await Visitor.arrive(browser, site, reader);
      const { page } = visitor;
      await page.goto(site.url);
      await page.locator("textarea[name=text]").fill("# Market\n\nOn *Friday*.");
      await publish(page);
      const { link } = await published(page);
      await page.goto(link);
      assert.equal(await page.locator(".prose h1, .prose h2, .prose h3").first().innerText(), "Market");
      assert.equal(await page.locator("figure").count(), 0);
      await visitor.leave();
    });

    if (!javaScriptEnabled) {
      test("who goes back and presses Publish again has one post; other words, or the composer opened anew, are another", async () => {
        const visitor = await Visitor.arrive(browser, site, reader);
        const { page } = visitor;
        const made = async () => {
          await Promise.all([page.waitForURL(/\/manage\//), publish(page)]);
          return (await published(page)).link;
        };
        const text = page.locator("textarea[name=text]");
        await page.goto(site.url);
        await text.fill("Once.");
        await files(page).setInputFiles(samples.picture("once.png"));
        const first = await made();
        await page.goBack();
        assert.equal(await text.inputValue(), "Once.");
        assert.equal(await made(), first, "a second post was made");
        await page.goBack();
        await text.fill("Once, and a word more.");
        const second = await made();
        assert.notEqual(second, first, "the new words are lost");
        assert.equal((await site.read(second)).text, "Once, and a word more.");
        await page.goto(site.url);
        await text.fill("Once.");
        await files(page).setInputFiles(samples.picture("once.png"));
        assert.notEqual(await made(), first, "a post that was meant is not made");
        await visitor.leave();
      });
    }

    test("of a file that cannot be taken its poster is told which, why and what to do; the rest is kept", async () => {
      const visitor = await Visitor.arrive(browser, site, reader);
      const { page } = visitor;
      await page.goto(site.url);
      await files(page).setInputFiles([samples.words(), samples.photo()]);
      if (javaScriptEnabled) {
        // Beside the file, while there is still time to choose another.
        await page.locator(".file-problem:not(:empty)").first().waitFor();
        await tells(page.locator(".row").first(), "words.jpg");
        assert.equal(await page.locator(".row .file-problem").first().textContent(), words(locale, "problem-not-media"));
      }
      await publish(page);
      const { link } = await published(page);
      if (!javaScriptEnabled) await tells(page.locator(".refused li"), "words.jpg", words(locale, "problem-not-media"));
      assert.equal((await site.settled(link)).media.length, 1);

      // Alone, nothing is published, and the composer says why.
      await page.goto(site.url);
      await files(page).setInputFiles(samples.words());
      if (javaScriptEnabled) {
        await page.locator(".file-problem:not(:empty)").first().waitFor();
        await publish(page);
        await tells(page.locator(".trouble"), words(locale, "draft-nothing"));
        await visitor.leave();
        return;
      }
      const [answer] = await Promise.all([page.waitForResponse((response) => response.request().method() === "POST"), publish(page)]);
      assert.equal(answer.status(), 415);
      await tells(page.locator("[role=alert]"), words(locale, "problem-not-media"));
      await visitor.leave();
    });

    test("a file that turns out broken while it is prepared is named on the manage page, and the post stands", async () => {
      const visitor = await Visitor.arrive(browser, site, reader);
      const broken = { name: "torn.png", bytes: readFileSync(samples.picture("card.png")).subarray(0, 3000) };
      const { link, manage } = await site.post([["file", broken], ["file", samples.photo()]]);
      const { media } = await site.settled(link);
      assert.deepEqual(media.map((medium) => medium.state), ["refused", "ready"]);
      await visitor.page.goto(manage);
      await tells(visitor.page.locator(".refused li"), "torn.png", words(locale, "problem-corrupt"));
      await visitor.page.goto(link);
      // What was wrong with it is its poster's to know.
      await tells(visitor.page.locator("main"), words(locale, "medium-not-shown"));
      await visitor.leave();
    });

    test("publishing nothing gives the composer back with a word on it", async () => {
      const visitor = await Visitor.arrive(browser, site, reader);
      const { page } = visitor;
      await page.goto(site.url);
      await publish(page);
      await tells(page.locator("[role=alert]"), words(locale, "draft-nothing"));
      await visitor.leave();
    });
  });
}

test("a post is written, published and read from the keyboard alone", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  // The system's own dialog, answered: from before the page is there, so that it is never the browser that answers it.
  page.on("filechooser", (chooser) => chooser.setFiles(samples.photo()));
  await page.goto(site.url);
  const focused = () => page.evaluate(() => ({ tag: document.activeElement.tagName, name: document.activeElement.name ?? "", type: document.activeElement.type ?? "", class: document.activeElement.className, seen: document.activeElement.matches(":focus-visible") }));
  /** Tabs on until `wanted` has the focus. */
  const tab = async (wanted) => {
    for (let presses = 0; presses < 25; presses++) {
      await page.keyboard.press("Tab");
      const on = await focused();
      assert.ok(on.seen, `nothing shows that ${on.tag} ${on.name} has the focus`);
      if (wanted(on)) return;
    }
    assert.fail("the keyboard never got there");
  };
  await tab((on) => on.class === "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => location.hash), "#main");
  await tab((on) => on.type === "file");
  await page.keyboard.press("Enter");
  await page.locator(".row[data-state=arrived]").waitFor();
  await tab((on) => on.name === "title");
  await page.keyboard.type("By hand");
  await tab((on) => on.name === "text");
  await page.keyboard.type("No mouse.");
  await tab((on) => on.tag === "SUMMARY");
  await page.keyboard.press("Enter");
  await tab((on) => on.name === "sensitive");
  await page.keyboard.press("Space");
  await tab((on) => on.type === "submit");
  await page.keyboard.press("Enter");
  const { link } = await published(page);
  await tab((on) => on.class.includes("primary"));
  await page.keyboard.press("Enter");
  await page.waitForURL(link);
  const post = await site.settled(link);
  assert.deepEqual([post.title, post.text, post.sensitive, post.media.length], ["By hand", "No mouse.", true, 1]);
  await tab((on) => on.class.includes("primary"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/\?show/);
  await page.locator("figure picture img").waitFor();
  await visitor.leave();
});
