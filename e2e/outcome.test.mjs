// What follows Publish, and the next visit: a draft that is done with stays so, a new post begins with the composer, and what the panel says is so.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Visitor, arrived, files, launch, publish, published, slow } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site, sleep, until } from "./site.mjs";
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

const open = async (page) => {
  await page.goto(site.url);
  await page.locator("form.live").waitFor();
};
async function arrive(options = {}) {
  const visitor = await Visitor.arrive(browser, site, { locale: "en", ...options });
  await open(visitor.page);
  return visitor;
}
/** What stands in the form, and the drafts that are kept. */
const draft = (page) => page.evaluate(() => [document.querySelector("[name=title]").value, document.querySelector("[name=text]").value, document.querySelector("[name=sensitive]").checked, ...Object.keys(localStorage).filter((name) => name.startsWith("handbill-draft:"))]);
/** The form is what this page begins with. */
async function beginsWithComposer(page) {
  assert.equal(await page.locator(".outcome:visible").count(), 0, "the post before stands there");
  const { y } = await page.locator(".drop").boundingBox();
  assert.ok(y < page.viewportSize().height / 2, `the form begins at ${y}`);
}

test("a draft is gone for good with the press of Publish, however late something of it was typed, ticked or captioned", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await files(page).setInputFiles(samples.picture("card.png", "64x48"));
  await arrived(page, 1);
  await page.locator("details.options summary").click();
  await page.locator(".file-words summary").click();
  const typed = {
    words: () => page.locator("textarea[name=text]").fill("The wind came up."),
    tick: () => page.locator("[name=sensitive]").check(),
    caption: () => page.locator("[data-field=caption]").fill("The red one"),
  };
  for (const [name, type] of Object.entries(typed)) {
    await page.locator("input[name=title]").fill(`Kites, ${name}`);
    await sleep(600);
    await type();
    // As a press of a key would: the field keeps the focus, and nothing tells it that its words are complete.
    await page.evaluate(() => document.querySelector("form.composer").requestSubmit());
    const { link } = await published(page);
    await sleep(700);
    const post = await site.settled(link);
    assert.equal(post.title, `Kites, ${name}`);
    if (name === "caption") assert.equal(post.media[0].caption, "The red one");
    await open(page);
    await page.waitForTimeout(300);
    assert.deepEqual(await draft(page), ["", "", false], name);
    await files(page).setInputFiles(samples.picture("card.png", "64x48"));
    await arrived(page, 1);
    await page.locator("details.options summary").click();
    await page.locator(".file-words summary").click();
  }
  const kept = () => page.evaluate(() => new Promise((done) => {
    indexedDB.open("handbill").onsuccess = ({ target: { result } }) => {
      const all = result.transaction("files").objectStore("files").getAll();
      all.onsuccess = () => (result.close(), done(all.result.length));
    };
  }));
  await page.locator("input[name=title]").fill("The last");
  await publish(page);
  await published(page);
  await page.waitForTimeout(600);
  assert.equal(await kept(), 0, "something of a post that is out is kept on the device");
  await visitor.leave();
});

test("where a browser has no locks, a draft that one tab has published is not written back by another", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page, context } = visitor;
  await context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  await open(page);
  await page.locator("textarea[name=text]").fill("In two tabs.");
  await until("the draft was not kept", 5, async () => (await draft(page)).length === 4);
  const other = await context.newPage();
  await open(other);
  assert.equal(await other.locator("textarea[name=text]").inputValue(), "In two tabs.");
  await publish(page);
  await published(page);
  await until("the other tab still holds the words", 5, async () => (await other.locator("textarea[name=text]").inputValue()) === "");
  await other.locator("details.options summary").click();
  await other.locator("[name=sensitive]").check();
  await other.waitForTimeout(700);
  assert.deepEqual(await draft(other), ["", "", true]);
  await visitor.leave();
});

test("a new post begins with the composer; the one before is told in a line while its files are on their way, and its links are not taken for the new one's", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await slow(page, 100_000);
  await files(page).setInputFiles([samples.film(), samples.photo()]);
  await page.locator("input[name=title]").fill("The first");
  await publish(page);
  const { link } = await published(page);
  await page.reload();
  // Its own page, loaded again.
  await page.locator(".left-behind .outcome-link").waitFor();
  await page.locator(".left-behind .row").nth(1).waitFor();
  assert.equal(await page.locator(".behind").count(), 0);
  await page.locator('.left-behind a[href="/"]').last().click();
  const line = page.locator(".behind");
  await line.locator("[role=status] a[href]").waitFor();
  await beginsWithComposer(page);
  assert.equal(await line.locator("[role=status] a").getAttribute("href"), link);
  assert.match(await line.locator("p").first().innerText(), new RegExp(`The first.*${words("en", "outcome-arriving")}`));
  assert.ok((await line.boundingBox()).height < 160);
  await slow(page, 10_000_000);
  await line.locator(".behind-status", { hasText: words("en", "outcome-all-arrived") }).waitFor({ timeout: 60_000 });
  await page.locator("textarea[name=text]").fill("The second.");
  await publish(page);
  const second = await published(page);
  assert.notEqual(second.link, link);
  assert.equal(await page.locator(".outcome:visible").count(), 1);
  const [panel, before] = [await page.locator(".outcome:visible").boundingBox(), await line.boundingBox()];
  assert.ok(before.y > panel.y, "the post before stands above the new one's links");
  assert.deepEqual((await site.settled(link)).media.map(({ state }) => state), ["ready", "ready"]);
  // From another page by the link in its head, and back again.
  await page.locator(".outcome-open:visible").click();
  await page.waitForURL(second.link);
  await page.locator("header a.new").click();
  await page.locator("form.live").waitFor();
  await page.waitForTimeout(300);
  await beginsWithComposer(page);
  await page.goBack();
  await page.goBack();
  await page.locator(".outcome-manage").first().waitFor();
  assert.equal(await page.locator(".outcome-link:visible").inputValue(), second.link);
  await page.reload();
  await page.locator(".left-behind .outcome-manage").waitFor();
  assert.equal(await page.locator(".outcome-manage:visible").inputValue(), second.manage);
  await visitor.leave();
});

test("with all posts forgotten, no manage link is left: not in the panel, the tab, another tab, or what is on its way", async () => {
  const visitor = await arrive();
  const { page, context } = visitor;
  await slow(page, 60_000);
  await files(page).setInputFiles(samples.film());
  await page.locator("input[name=title]").fill("Forgotten");
  await publish(page);
  const { link, manage } = await published(page);
  await page.locator(".outcome-remember").check();
  const secret = manage.split("/").pop();
  const other = await context.newPage();
  await open(other);
  await other.locator("#mine").waitFor();
  await page.locator("#mine .sure summary").click();
  await page.locator(".mine-forget-all").click();
  await page.locator(".secret").waitFor({ state: "hidden" });
  const left = (page) => page.evaluate(async () => {
    const kept = await new Promise((done) => {
      indexedDB.open("handbill").onsuccess = ({ target: { result } }) => {
        const all = result.transaction("parcels").objectStore("parcels").getAll();
        all.onsuccess = () => (result.close(), done(all.result));
      };
    });
    const typed = [...document.querySelectorAll("input, a")].map((one) => one.value ?? one.href);
    return JSON.stringify([kept, Object.entries(localStorage), Object.entries(sessionStorage), history.state, typed, document.documentElement.outerHTML]);
  });
  await until("a manage link is left", 5, async () => !(await left(page)).includes(secret));
  await until("a manage link is left in the other tab", 5, async () => !(await left(other)).includes(secret));
  assert.equal(await other.locator("#mine").count(), 0);
  // The link itself, and the upload, are as they were.
  assert.equal(await page.locator(".outcome-link").inputValue(), link);
  await page.reload();
  await page.locator(".left-behind .outcome-link").waitFor();
  assert.equal(await page.locator(".secret").isVisible(), false);
  await slow(page, 10_000_000);
  assert.equal((await site.settled(link)).media[0].state, "ready");
  await visitor.leave();
});

test("what was not taken is said beside what has arrived, before Publish and after it", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  const [photo, notes] = [samples.picture("card.png"), { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") }];
  await files(page).setInputFiles(photo);
  const status = page.locator("#composer-status");
  await until("that all have arrived was not said", 10, async () => (await status.innerText()) === words("en", "upload-all-arrived"));
  await files(page).setInputFiles([notes]);
  const left = words("en", "outcome-left-out").replace("{ $count }", "1");
  await until("that one was not taken was not said", 10, async () => (await status.innerText()) === `${left} ${words("en", "upload-others-arrived")}`);
  await publish(page);
  const { link, manage } = await published(page);
  const told = page.locator(".outcome-status");
  assert.ok((await told.innerText()).startsWith(left), await told.innerText());
  await site.settled(link);
  await until("that the others are ready was not said", 10, async () => (await told.innerText()) === `${left} ${words("en", "outcome-others-ready")}`);
  assert.equal(await page.locator(".outcome-files .row.left-out .file-problem").isVisible(), true);
  // What is added to a post later is told in the same way.
  await page.goto(manage);
  await page.locator("form.live").waitFor();
  await files(page).setInputFiles([{ name: "b.png", mimeType: "image/png", buffer: readFileSync(samples.picture("b.png", "80x60")) }, notes]);
  await arrived(page, 1);
  await page.locator("form.edit button.primary").click();
  await until("that one was not taken was not said", 10, async () => (await page.locator(".arriving .outcome-status").innerText()) === `${left} ${words("en", "outcome-others-arrived")}`);
  assert.equal((await site.settled(link)).media.length, 2);
  await visitor.leave();
});

test("a post of which nothing can be read says that it is empty; one with words says what is missing", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  const whole = readFileSync(samples.picture("card.png", "640x480"));
  const damaged = { name: "damaged.png", mimeType: "image/png", buffer: whole.subarray(0, 200) };
  for (const [text, heading] of [["", "published-empty"], ["The wind came up.", "published"]]) {
    await open(page);
    await files(page).setInputFiles([damaged, { ...damaged, name: "other.png", buffer: whole.subarray(0, 300) }]);
    await arrived(page, 2);
    await page.locator("textarea[name=text]").fill(text);
    await publish(page);
    await published(page);
    const left = words("en", "outcome-left-out").replace("{ $count }", "2");
    await until("what is missing was not said", 20, async () => (await page.locator(".outcome-status").innerText()) === left);
    assert.equal(await page.locator("h1").innerText(), words("en", heading));
    assert.equal(await page.locator(".outcome-files .row .file-problem").filter({ hasText: /\w/ }).count(), 2);
  }
  await visitor.leave();
});

test("what is ready is told soon, however long it took, and at once to who looks at the page again", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  let asked = 0;
  await page.route("**/api/v1/posts/*", async (route) => {
    const answer = await route.fetch();
    asked += 1;
    const post = await answer.json();
    await route.fulfill({ response: answer, json: asked < 15 ? { ...post, media: post.media.map((medium) => ({ ...medium, state: "processing" })) } : post });
  });
  await files(page).setInputFiles(samples.picture("card.png", "64x48"));
  await arrived(page, 1);
  await page.clock.install();
  await publish(page);
  const { link } = await published(page);
  await site.settled(link);
  for (let second = 0; second < 60; second++) {
    await page.clock.runFor(1_000);
    await sleep(20);
  }
  assert.ok(asked >= 13, `it was asked ${asked} times in a minute`);
  const { length } = visitor.asked;
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await until("nobody asked", 5, () => visitor.asked.length > length);
  for (let tries = 0; asked < 15 && tries < 5; tries++) {
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await sleep(300);
  }
  await page.locator(".outcome-status", { hasText: words("en", "outcome-all-ready") }).waitFor({ timeout: 5_000 });
  await visitor.leave();
});

test("a small picture of each file stands by itself, also when the page is opened again and the file is not there any more", async () => {
  const clear = join(samples.home, "clear.png");
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "color=c=red@0.3:size=120x120,format=rgba", "-frames:v", "1", clear]);
  const visitor = await arrive();
  const { page } = visitor;
  await slow(page, 150_000);
  await files(page).setInputFiles([samples.film(), clear]);
  const drawn = (at) => page.locator(".row").nth(at).locator("canvas:not([hidden])").waitFor();
  /** How many different colours: a picture, and not a plain area. */
  const colours = (at) => page.locator(".row canvas").nth(at).evaluate((canvas) => new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size);
  for (const at of [0, 1]) await drawn(at);
  assert.equal(await page.locator(".row .thumb svg:visible").count(), 0, "the placeholder is seen through the picture");
  const before = await colours(0);
  assert.ok(before > 20, `${before} colours`);
  await until("the small one did not arrive", 30, () => page.locator(".row[data-state=arrived]").count());
  await page.waitForTimeout(300);
  await page.reload();
  for (const at of [0, 1]) await drawn(at);
  assert.ok((await colours(0)) > 20);
  // A film that arrives leaves no file behind, only its picture.
  await slow(page, 10_000_000);
  await arrived(page, 2);
  await page.waitForTimeout(300);
  await page.reload();
  for (const at of [0, 1]) await drawn(at);
  assert.ok((await colours(0)) > 20);
  // The address of a file that was looked at is not asked for again.
  await page.waitForTimeout(6_000);
  assert.ok(!visitor.troubles.some((words) => words.includes("blob:")), visitor.troubles.join("\n"));
  await visitor.leave();
});

test("the example of a placed picture stands in one piece, from left to right, at any width and in every language", async () => {
  for (const locale of ["en", "ar", "pl"]) {
    for (const width of [320, 360, 1280]) {
      const visitor = await arrive({ locale, viewport: { width, height: 700 } });
      const { page } = visitor;
      const seen = await page.locator("#markdown code").evaluate((code) => {
        const [piece, ...more] = [...code.getClientRects()];
        const range = (from, to) => {
          const range = document.createRange();
          range.setStart(code.firstChild, from);
          range.setEnd(code.firstChild, to);
          return range.getBoundingClientRect();
        };
        const end = code.textContent.length;
        return { text: code.textContent, pieces: 1 + more.length, inside: piece.left >= 0 && piece.right <= document.documentElement.clientWidth, leftToRight: range(0, 1).left < range(end - 1, end).left, overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth };
      });
      assert.deepEqual(seen, { text: words(locale, "hint-place-sample"), pieces: 1, inside: true, leftToRight: true, overflow: false }, `${locale} ${width}`);
      await visitor.leave();
    }
  }
});
