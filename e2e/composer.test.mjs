// The composer at work: files on their way before anything is published, over lines that break, sites that die and pages that reload.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Visitor, arrived, files, launch, publish, published, slow } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site, until } from "./site.mjs";
import { words } from "./words.mjs";

let site, browser, samples;
before(async () => {
  site = await Site.start({ settings: { LIMITS__FILES_PER_POST: 12, LIMITS__FILE_BYTES: 3_000_000 } });
  samples = new Samples(site.home);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const rows = (page) => page.locator(".row");
const names = (page) => page.locator(".row .file-name").allInnerTexts();

/** A visitor at the composer, in English, with its script at work. */
async function arrive(options = {}) {
  const visitor = await Visitor.arrive(browser, site, { locale: "en", permissions: ["clipboard-read", "clipboard-write"], ...options });
  await visitor.page.goto(site.url);
  await visitor.page.locator("form.live").waitFor();
  return visitor;
}

/** Files that are dropped, or pasted, as an event: `deed` is its name. */
const bring = (page, deed, paths, text = "") =>
  page.evaluate(
    ([deed, brought, text]) => {
      const data = new DataTransfer();
      for (const { name, bytes, type } of brought) data.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name, { type, lastModified: 1 }));
      if (text) data.setData("text/plain", text);
      const event = deed === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent(deed, { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    [deed, paths.map((path) => ({ name: path.split("/").pop(), bytes: readFileSync(path).toString("base64"), type: path.endsWith(".png") ? "image/png" : path.endsWith(".jpg") ? "image/jpeg" : "video/mp4" })), text],
  );

test("the first visit takes no more than 50 kB, with everything on the page", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "ar" });
  const session = await visitor.context.newCDPSession(visitor.page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await visitor.page.goto(site.url);
  await visitor.page.locator("form.live").waitFor();
  await visitor.page.waitForTimeout(1_000);
  assert.ok(bytes > 10_000 && bytes < 50_000, `${bytes} bytes`);
  await visitor.leave();
});

test("five files are dropped and published before they have arrived; the site is killed in mid-upload, and everything arrives", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await slow(page, 150_000);
  const five = [samples.photo(), samples.film(), samples.picture("one.png"), samples.picture("two.png", "800x600"), samples.photo("other.jpg", "1000x700")];
  await visitor.act(() => bring(page, "drop", five));
  await visitor.act(publish);
  const { link, manage } = await published(page);
  assert.equal(visitor.actions, 2);
  const before = await site.read(link);
  assert.equal(before.state, "processing");
  assert.ok(before.media.some(({ state }) => state === "receiving"), JSON.stringify(before.media.map(({ state }) => state)));
  // In the clipboard before the files have arrived.
  await until("the link was not in the clipboard", 5, async () => (await page.evaluate(() => navigator.clipboard.readText())) === link);
  await site.kill();
  await page.waitForTimeout(1_500);
  await site.serve();
  const { media } = await site.settled(link);
  assert.deepEqual(media.map(({ state }) => state), Array(5).fill("ready"));
  assert.deepEqual(media.map(({ kind }) => kind), ["photo", "video", "photo", "photo", "photo"]);
  await arrived(page, 5);
  await page.locator(".outcome-status", { hasText: words("en", "outcome-all-arrived") }).waitFor();
  assert.equal((await fetch(manage)).status, 200);
  visitor.troubles = visitor.troubles.filter((words) => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|409/.test(words));
  await visitor.leave();
});

test("a page that is reloaded in mid-upload goes on where it was, before Publish and after it", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await slow(page, 100_000);
  await files(page).setInputFiles([samples.film(), samples.photo()]);
  await page.locator("input[name=title]").fill("Twice reloaded");
  const patched = () => visitor.asked.filter((request) => request.method() === "PATCH").length;
  const made = () => visitor.asked.filter((request) => request.method() === "POST" && request.url().endsWith("/uploads")).length;
  await until("nothing was sent", 10, async () => patched() > 0 && (await page.locator(".row progress").first().evaluate((bar) => bar.value)) > 0.05);
  await page.waitForTimeout(600);
  await page.reload();
  assert.equal(visitor.warnings, 1, "nobody was asked whether to leave");
  await rows(page).nth(1).waitFor();
  assert.deepEqual(await names(page), ["film.mp4", "photo.jpg"]);
  await slow(page, 200_000);
  assert.equal(await page.locator("input[name=title]").inputValue(), "Twice reloaded");
  await publish(page);
  const { link } = await published(page);
  await page.reload();
  // The post that is still on its way stands above the composer, with its link.
  await page.locator(".left-behind .outcome-link").waitFor();
  assert.equal(await page.locator(".left-behind .outcome-link").inputValue(), link);
  await files(page).setInputFiles(samples.picture("next.png"));
  await page.locator("form .row").waitFor();
  const parts = await page.locator("section[aria-label], section[aria-labelledby], nav, form[aria-label]").evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.id));
  assert.equal(new Set(parts).size, parts.length, `two parts of the page have one name: ${parts}`);
  await page.locator("form .row .remove").click();
  const { media, title } = await site.settled(link);
  assert.deepEqual([title, ...media.map(({ state, kind }) => `${kind} ${state}`)], ["Twice reloaded", "video ready", "photo ready"]);
  assert.equal(made(), 3, "an upload was begun anew, beside the two and the one of the next post");
  await arrived(page, 2);
  await page.reload();
  await page.locator("form.live").waitFor();
  await page.waitForTimeout(500);
  // Nothing is on its way any more, but the links must not be lost with a reload; they go when their poster turns to something else.
  assert.equal(await page.locator(".left-behind .outcome-link").inputValue(), link);
  assert.match(await page.locator(".left-behind .outcome-manage").inputValue(), /\/manage\//);
  assert.equal(await page.locator(".left-behind .row").count(), 0, "what has arrived is still taken for being on its way");
  await page.locator('.left-behind a[href="/"]').last().click();
  await page.locator("form.live").waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.locator(".left-behind").count(), 0, "a new post begins with the last one");
  await visitor.leave();
});

test("files are put into order from the keyboard and by buttons, and each move is said", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await files(page).setInputFiles([samples.picture("a.png"), samples.picture("b.png", "300x200"), samples.picture("c.png", "200x300")]);
  await arrived(page, 3);
  await rows(page).nth(2).locator(".handle").focus();
  await page.keyboard.press("ArrowUp");
  assert.deepEqual(await names(page), ["a.png", "c.png", "b.png"]);
  assert.match(await page.locator("#composer-status").innerText(), /c\.png.* 2 .*3/);
  assert.ok(await rows(page).nth(1).locator(".handle").evaluate((handle) => handle === document.activeElement));
  await page.keyboard.press("Home");
  await rows(page).nth(1).locator(".later").click();
  assert.deepEqual(await names(page), ["c.png", "b.png", "a.png"]);
  // By a finger or a mouse, on the handle.
  const from = await rows(page).nth(2).locator(".handle").boundingBox();
  const to = await rows(page).nth(0).boundingBox();
  await page.mouse.move(from.x + 10, from.y + 10);
  await page.mouse.down();
  for (const part of [0.3, 0.6, 0.9, 1]) await page.mouse.move(from.x + 10, from.y + (to.y + 5 - from.y) * part);
  await page.mouse.up();
  assert.deepEqual(await names(page), ["a.png", "c.png", "b.png"]);
  await rows(page).nth(1).locator("summary").click();
  await rows(page).nth(1).locator("[data-field=caption]").fill("The tall one");
  await rows(page).nth(1).locator("[data-field=alt]").fill("A test card");
  await rows(page).nth(1).locator("[data-field=sensitive]").check();
  await rows(page).nth(2).locator(".remove").click();
  await publish(page);
  const { link } = await published(page);
  const { media } = await site.settled(link);
  assert.deepEqual(media.map(({ width, caption, alt }) => [width, caption, alt]), [[640, null, null], [200, "The tall one", "A test card"]]);
  await visitor.leave();
});

test("pictures and words are pasted, and nothing is taken twice", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await bring(page, "paste", [samples.picture("shot.png")]);
  await bring(page, "paste", [samples.picture("shot.png")]);
  await bring(page, "paste", [], "The wind came up at four.");
  await arrived(page, 1);
  assert.equal(await page.locator("textarea[name=text]").inputValue(), "The wind came up at four.");
  await publish(page);
  const { link } = await published(page);
  const { media, text } = await site.settled(link);
  assert.deepEqual([text, media.length], ["The wind came up at four.", 1]);
  await visitor.leave();
});

test("what cannot be taken is told beside its file, before its first byte, and costs nothing else", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  const large = { name: "large.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(3_000_001) };
  const empty = { name: "empty.png", mimeType: "image/png", buffer: Buffer.alloc(0) };
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") };
  await files(page).setInputFiles([large, empty, notes]);
  assert.equal(await page.locator(".row[data-state=failed]").count(), 3);
  assert.equal(visitor.asked.filter((request) => request.url().includes("/uploads")).length, 0);
  // Far more than a post holds.
  const small = readFileSync(samples.picture("small.png", "16x16"));
  await files(page).setInputFiles(Array.from({ length: 300 }, (_, number) => ({ name: `${number}.png`, mimeType: "image/png", buffer: Buffer.concat([small, Buffer.from(String(number))]) })));
  await arrived(page, 12);
  assert.match(await page.locator(".too-many").innerText(), /12 .*288/);
  await publish(page);
  const { link } = await published(page);
  const { media } = await site.settled(link);
  assert.equal(media.length, 12);
  assert.ok(media.every(({ state }) => state === "ready"));
  await visitor.leave();
});

test("a file that is lost on the device is told, and can be chosen again", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await slow(page, 100_000);
  // As when it was changed on disk: what is left of it cannot be read any more.
  await page.evaluate(() => {
    const slice = File.prototype.slice;
    let calls = 0;
    File.prototype.slice = function (...range) {
      calls += 1;
      if (calls < 2) return slice.apply(this, range);
      return Object.assign(slice.apply(this, range), { arrayBuffer: () => Promise.reject(new DOMException("", "NotReadableError")) });
    };
    window.heal = () => (File.prototype.slice = slice);
  });
  await files(page).setInputFiles(samples.film());
  await until("nothing was sent", 10, () => visitor.asked.some((request) => request.method() === "PATCH"));
  await site.kill();
  await page.locator(".file-problem", { hasText: words("en", "upload-changed") }).waitFor();
  await site.serve();
  await page.evaluate(() => window.heal());
  await page.locator(".again input").setInputFiles(samples.photo());
  await arrived(page, 1);
  assert.deepEqual(await names(page), ["photo.jpg"]);
  visitor.troubles = visitor.troubles.filter((words) => !/ERR_CONNECTION/.test(words));
  await visitor.leave();
});

test("with storage switched off and no clipboard everything still works, and the link is selected for copying", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  await page.addInitScript(() => {
    for (const name of ["localStorage", "indexedDB"]) Object.defineProperty(window, name, { get: () => { throw new DOMException("", "SecurityError"); } });
    Object.defineProperty(navigator, "clipboard", { value: { write: () => Promise.reject(new DOMException("", "NotAllowedError")) } });
  });
  await page.goto(site.url);
  await files(page).setInputFiles(samples.photo());
  await page.locator("textarea[name=text]").fill("No storage.");
  await publish(page);
  const { link } = await published(page);
  await page.locator(".outcome-copied", { hasText: words("en", "link-by-hand") }).waitFor();
  await page.locator(".outcome-copy").click();
  await page.locator(".outcome-copied", { hasText: words("en", "link-select") }).waitFor();
  assert.equal(await page.evaluate(() => String(document.activeElement.value).slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)), link);
  await page.locator(".outcome-remember").click();
  assert.equal(await page.locator(".outcome-remember").isChecked(), false);
  assert.equal((await site.settled(link)).media.length, 1);
  await visitor.leave();
});

test("words are written with the toolbar, previewed as they will stand, kept over a reload, and discarded", async () => {
  const visitor = await arrive({ locale: "ar" });
  const { page } = visitor;
  const text = page.locator("textarea[name=text]");
  await text.click();
  await page.locator(".tools").waitFor();
  await page.keyboard.type("kites");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+b");
  assert.equal(await text.inputValue(), "**kites**");
  await page.locator(".tools [data-deed=bold]").click();
  assert.equal(await text.inputValue(), "kites");
  await page.keyboard.press("Control+z");
  assert.equal(await text.inputValue(), "**kites**");
  await page.keyboard.press("End");
  await page.keyboard.type("\n\nهبّت الريح\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://example.org/y.png)");
  await page.locator(".look").click();
  await page.locator(".preview strong").waitFor();
  assert.equal(await page.locator(".preview strong").innerText(), "kites");
  assert.equal(await page.locator(".preview img, .preview a").count(), 0);
  await until("the draft was not kept", 5, () => page.evaluate(() => Object.keys(localStorage).some((name) => name.startsWith("handbill-draft:") && localStorage.getItem(name).includes("javascript"))));
  await page.reload();
  await page.locator(".draft").waitFor();
  assert.match(await text.inputValue(), /^\*\*kites\*\*/);
  await page.locator(".draft button").click();
  assert.equal(await text.inputValue(), "");
  await page.reload();
  await page.locator("form.live").waitFor();
  assert.equal(await text.inputValue(), "");
  await visitor.leave();
});

test("a picture is put between paragraphs by keyboard, previewed there, follows its file through moves and a reload, and stands there in the post", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  const text = page.locator("textarea[name=text]");
  await text.click();
  await page.keyboard.type("First.\n\nSecond.");
  await page.keyboard.press("Control+Home");
  const button = page.locator(".tools [data-deed=picture]");
  await button.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("dialog .pictures-none").isVisible(), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.deed), "picture");
  await files(page).setInputFiles([samples.picture("a.png"), samples.picture("b.png", "300x200"), samples.picture("c.png", "200x300")]);
  await arrived(page, 3);
  await rows(page).nth(1).locator("summary").click();
  await rows(page).nth(1).locator("[data-field=alt]").fill("A [red] kite");
  await button.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await text.inputValue(), "First.\n\n![A  red  kite](media:2)\n\nSecond.");
  await page.locator(".look").click();
  await page.locator(".preview figure canvas").waitFor();
  assert.deepEqual(await page.locator(".preview > *").evaluateAll((all) => all.map(({ tagName }) => tagName)), ["P", "FIGURE", "P"]);
  // The file is moved, the one before it removed: the words follow.
  await rows(page).nth(1).locator(".handle").focus();
  await page.keyboard.press("End");
  assert.match(await text.inputValue(), /media:3\)/);
  await rows(page).nth(0).locator(".remove").click();
  assert.match(await text.inputValue(), /media:2\)/);
  assert.match(await page.locator(".preview figcaption").innerText(), /b\.png/);
  await until("the draft was not kept", 5, () => page.evaluate(() => Object.keys(localStorage).some((name) => name.startsWith("handbill-draft:") && localStorage.getItem(name).includes("media:2"))));
  await page.reload();
  await arrived(page, 2);
  assert.match(await text.inputValue(), /!\[A {2}red {2}kite\]\(media:2\)/);
  await text.click();
  await page.locator(".tools").waitFor();
  assert.equal(await page.locator(".tools").count(), 1);
  await publish(page);
  const { link, manage } = await published(page);
  const { media, text: kept } = await site.settled(link);
  assert.deepEqual(media.map(({ width, alt }) => [width, alt]), [[200, null], [300, "A [red] kite"]]);
  assert.ok(kept.includes(`(media:${media[1].id})`), kept);
  await page.goto(link);
  assert.deepEqual(await page.locator("article > :is(.prose, .media)").evaluateAll((all) => all.map(({ className }) => className)), ["prose", "media"]);
  assert.deepEqual(await page.locator(".prose > *").evaluateAll((all) => all.map(({ tagName }) => tagName)), ["P", "FIGURE", "P"]);
  await page.locator(".prose a.enlarge").click();
  await page.locator(".pswp--open").waitFor();
  await page.keyboard.press("Escape");
  // On the manage page the same button knows what is there, and what is added.
  await page.goto(manage);
  await page.locator("form.live").waitFor();
  await files(page).setInputFiles([samples.picture("small.png", "100x100")]);
  await arrived(page, 1);
  await text.click();
  await page.keyboard.press("Control+End");
  for (const at of [0, 2]) {
    await page.locator(".tools [data-deed=picture]").click();
    await page.locator("dialog .choice").nth(at).click();
  }
  assert.ok((await text.inputValue()).endsWith(`Second.\n\n![](media:${media[0].id})\n\n![](media:3)\n\n`), await text.inputValue());
  await page.locator("form.edit button.primary").click();
  await page.waitForURL(/\?saved$/);
  const after = await site.settled(link);
  assert.ok(after.text.endsWith(`![](media:${media[0].id})\n\n![](media:${after.media[2].id})`), after.text);
  await visitor.leave();
});

test("a photo of the tray is made the still of a video, and given back; on the manage page a video gets another and its own frame again", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  await files(page).setInputFiles([samples.picture("a.png"), samples.film(), samples.picture("b.png", "300x200")]);
  await arrived(page, 3);
  const choice = (at) => rows(page).nth(at).locator("[data-field=stillOf]");
  for (const at of [0, 2]) await rows(page).nth(at).locator("summary").click();
  await choice(0).selectOption({ index: 1 });
  // A video has one still: the other photo is shown by itself again.
  await choice(2).selectOption({ index: 1 });
  assert.equal(await choice(0).inputValue(), "");
  assert.match(await rows(page).nth(2).locator(".file-state").innerText(), /film\.mp4/);
  await page.reload();
  await arrived(page, 3);
  assert.match(await rows(page).nth(2).locator(".file-state").innerText(), /film\.mp4/);
  await publish(page);
  const { link, manage } = await published(page);
  const { media } = await site.settled(link);
  assert.deepEqual(media.map(({ kind, still, poster }) => [kind, still?.state, poster?.width]), [["photo", undefined, undefined], ["video", "ready", 300]]);
  await page.goto(link);
  const poster = await page.locator("video").getAttribute("poster");
  assert.ok(poster && !poster.includes(media[1].id), poster);
  // With files in the tray the page saves by its script, and the still goes along.
  await page.goto(manage);
  await page.locator("form.live").waitFor();
  const folded = () => page.locator(".medium-edit").nth(1).locator(".file-words > summary").click();
  await folded();
  await page.locator("input[type=file][name^=still-]").setInputFiles(samples.picture("c.png", "200x300"));
  await files(page).setInputFiles(samples.picture("small.png", "100x100"));
  await arrived(page, 1);
  await page.locator("form.edit button.primary").click();
  await page.waitForURL(/\?saved$/);
  assert.deepEqual((await site.settled(link)).media.map(({ poster }) => poster?.width), [undefined, 200, undefined]);
  await page.goto(manage);
  await folded();
  await page.locator("input[name^=own-frame-]").check();
  await page.locator("form.edit button.primary").click();
  await page.waitForURL(/\?saved$/);
  assert.deepEqual((await site.settled(link)).media.map(({ poster, still }) => [poster?.width, still])[1], [640, null]);
  await visitor.leave();
});

test("posts are remembered only if that is asked for; the list can be saved and forgotten", async () => {
  const visitor = await arrive();
  const { page } = visitor;
  const post = async (title) => {
    await page.goto(site.url);
    await page.locator("form.live").waitFor();
    await page.locator("input[name=title]").fill(title);
    await publish(page);
    return published(page);
  };
  await post("Not remembered");
  await page.goto(site.url);
  assert.equal(await page.locator("#mine").count(), 0);
  const { link, manage } = await post("Remembered");
  await page.locator(".outcome-remember").check();
  await post("Remembered too");
  await page.goto(site.url);
  assert.deepEqual(await page.locator(".mine-title").allInnerTexts(), ["Remembered too", "Remembered"]);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".mine-export").click()]);
  const saved = readFileSync(await download.path(), "utf8");
  assert.ok(saved.includes(link) && saved.includes(manage), saved);
  await page.locator(".mine-forget").first().click();
  assert.deepEqual(await page.locator(".mine-title").allInnerTexts(), ["Remembered"]);
  await page.locator("#mine .sure summary").click();
  await page.locator(".mine-forget-all").click();
  await page.reload();
  assert.equal(await page.locator("#mine").count(), 0);
  await visitor.leave();
});

test("on the manage page media are moved by hand, the words have their toolbar, and a dropped picture is added", async () => {
  const { manage, link } = await site.post([["file", samples.picture("a.png")], ["file", samples.picture("b.png", "300x200")], ["file", samples.picture("c.png", "200x300")]]);
  await site.settled(link);
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  await page.goto(manage);
  await page.locator("form.live").waitFor();
  assert.equal(await page.locator(".place").first().isVisible(), false, "a place is typed only where it cannot be moved to");
  await page.locator(".medium-edit .handle").nth(2).focus();
  await page.keyboard.press("Home");
  assert.match(await page.locator("#composer-status").innerText(), /1 .*3/);
  await page.locator("textarea[name=text]").click();
  await page.locator(".tools [data-deed=bold]").click();
  await page.keyboard.type("kites");
  await bring(page, "drop", [samples.picture("d.png", "400x100")]);
  await page.locator(".row .file-name", { hasText: "d.png" }).waitFor();
  await page.locator("form.edit button.primary").click();
  await page.waitForURL(/\?saved/);
  const { media, text } = await site.settled(link);
  assert.deepEqual([text, ...media.map(({ width }) => width)], ["**kites**", 200, 640, 300, 400]);
  await visitor.leave();
});

test("a post's pictures are looked at one after the other from the keyboard, and the focus comes back", async () => {
  const { link } = await site.post([["file", samples.picture("a.png")], ["caption", "The first"], ["file", samples.picture("b.png", "300x200")], ["caption", "The second"]]);
  await site.settled(link);
  const visitor = await Visitor.arrive(browser, site, { locale: "en", reducedMotion: "reduce" });
  const { page } = visitor;
  await page.goto(link);
  await page.locator("a.enlarge").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".pswp--open").waitFor();
  assert.equal(await page.locator(".pswp").getAttribute("aria-label"), words("en", "viewer-label"));
  await page.locator(".pswp__caption", { hasText: "The first" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator(".pswp__caption", { hasText: "The second" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".pswp").waitFor({ state: "detached" });
  assert.ok(await page.locator("a.enlarge").nth(1).evaluate((link) => link === document.activeElement));
  await visitor.leave();
});

test("the next picture lies where the page's language reads on, by key, button and swipe, and their number is in its digits", async () => {
  const sizes = ["640x480", "300x200", "200x300", "320x240"];
  const { link } = await site.post(sizes.flatMap((size, at) => [["file", samples.picture(`${size}.png`, size)], ["caption", `Number ${at + 1}`]]));
  await site.settled(link);
  for (const [locale, onwards, back, towards, count] of [["ar", "ArrowLeft", "ArrowRight", 1, (at) => `${"٠١٢٣٤"[at]} / ٤`], ["en", "ArrowRight", "ArrowLeft", -1, (at) => `${at} / 4`]]) {
    const visitor = await Visitor.arrive(browser, site, { locale, reducedMotion: "reduce" });
    const { page } = visitor;
    await page.goto(link);
    const at = async (number) => {
      await page.locator(".pswp__caption", { hasText: `Number ${number}` }).waitFor();
      assert.equal(await page.locator(".pswp__counter").innerText(), count(number));
    };
    await page.locator("a.enlarge").first().click();
    await page.locator(".pswp--open").waitFor();
    await at(1);
    await page.keyboard.press(onwards);
    await at(2);
    const button = page.getByRole("button", { name: words(locale, "viewer-next") });
    const { x } = await button.boundingBox();
    assert.equal(x > page.viewportSize().width / 2, towards < 0, "the button is on the wrong side");
    await button.click();
    await at(3);
    await page.mouse.move(640, 450);
    await page.mouse.down();
    for (const part of [0.3, 0.6, 1]) {
      await page.mouse.move(640 + towards * 400 * part, 450);
      // No hand is faster than the screen.
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    await page.mouse.up();
    await at(4);
    await page.keyboard.press(back);
    await at(3);
    await page.keyboard.press("Escape");
    await page.locator(".pswp").waitFor({ state: "detached" });
    assert.ok(await page.locator("a.enlarge").nth(2).evaluate((link) => link === document.activeElement));
    await visitor.leave();
  }
});
