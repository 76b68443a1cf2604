// The main journeys in Debian's Firefox, by a driver that speaks WebDriver BiDi.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./firefox.mjs";
import { Line } from "./line.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";
import { words } from "./words.mjs";

const FILES = "input[type=file][name=file]";
const PUBLISH = "form.composer button.primary";
let site, browser, samples, line;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
  line = await Line.to(site);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await line?.close();
  await site?.stop();
});

test("two files and words are published before they have arrived, and the page behind the link fills", async () => {
  line.rate = 400_000;
  const visitor = await Visitor.arrive(browser, line.url);
  const { page } = visitor;
  await page.waitForSelector("form.live");
  line.rate = 120_000;
  await visitor.choose(FILES, samples.photo(), samples.film());
  await page.waitForSelector(".row:nth-child(2) progress");
  await visitor.write("input[name=title]", "Kites");
  await visitor.write("textarea[name=text]", "The wind came up at four.");
  await page.click(PUBLISH);
  await page.waitForSelector(".outcome-links:not([hidden])");
  const link = await visitor.value("input.outcome-link");
  const early = await site.read(link);
  assert.ok(early.media.some(({ state }) => state === "receiving"), JSON.stringify(early.media.map(({ state }) => state)));
  // Firefox has the clipboard only for what a press has begun; whether it was, it says.
  const copied = await visitor.text(".outcome-copied");
  assert.ok([words("en", "link-copied"), words("en", "link-by-hand")].includes(copied), copied);
  await page.waitForFunction((wanted) => document.querySelector(".outcome-status").textContent === wanted, { timeout: 60_000 }, words("en", "outcome-all-arrived"));
  const { media, title, text } = await site.settled(link);
  assert.deepEqual([title, text, ...media.map(({ kind, state }) => `${kind} ${state}`)], ["Kites", "The wind came up at four.", "photo ready", "video ready"]);
  line.rate = Infinity;
  await page.goto(link.replace(site.url, line.url));
  await page.waitForFunction(() => document.querySelector("figure picture img").naturalWidth > 0);
  await page.$eval("figure video", (video) => video.scrollIntoView());
  const { duration, error } = await page.$eval("figure video", (video) => new Promise((done) => {
    video.preload = "metadata";
    const tell = () => done({ duration: video.duration, error: video.error?.message });
    if (video.readyState > 0) tell();
    video.onloadedmetadata = video.onerror = tell;
    video.load();
  }));
  assert.equal(error, undefined);
  assert.ok(Math.abs(duration - 4) < 0.2, `${duration} seconds`);
  await visitor.leave();
});

test("a page that is reloaded in mid-upload goes on where it was", async () => {
  line.rate = 400_000;
  const visitor = await Visitor.arrive(browser, line.url);
  const { page } = visitor;
  await page.waitForSelector("form.live");
  line.rate = 80_000;
  const made = [];
  page.on("request", (request) => request.method() === "POST" && request.url().endsWith("/uploads") && made.push(request.url()));
  await visitor.choose(FILES, samples.film("long.mp4", { size: "640x360", seconds: 8 }));
  await page.waitForFunction(() => document.querySelector(".row progress")?.value > 0.1, { timeout: 60_000 });
  await page.click(PUBLISH);
  await page.waitForSelector(".outcome-links:not([hidden])");
  const link = await visitor.value("input.outcome-link");
  line.rate = 400_000;
  await page.reload();
  await page.waitForSelector(".left-behind .outcome-links:not([hidden])");
  assert.equal(await visitor.value(".left-behind .outcome-link"), link);
  const { media } = await site.settled(link);
  assert.deepEqual(media.map(({ state }) => state), ["ready"]);
  assert.equal(made.length, 1, "the upload was begun anew");
  line.rate = Infinity;
  await visitor.leave();
});

test("without JavaScript a post is made through the plain form, edited and deleted", async () => {
  // Without pages that are kept as they were left: the driver waits in vain for those to load, and every browser is short of memory at times.
  const plain = await launch("en", { "javascript.enabled": false, "browser.sessionhistory.max_total_viewers": 0 });
  try {
    const visitor = await Visitor.arrive(plain, site.url);
    const { page } = visitor;
    assert.equal(await page.$("form.live"), null);
    await visitor.choose(FILES, samples.photo());
    await visitor.write("input[name=title]", "Without a script");
    const once = await visitor.value("input[name=once]");
    await visitor.follow(PUBLISH);
    const link = await visitor.value("section.links input.link");
    // Who goes back has the very page again, on which another press of Publish is the same post.
    const manage = page.url();
    await page.goBack();
    assert.equal(await visitor.value("input[name=once]"), once);
    await page.goto(manage);
    const { media, title } = await site.settled(link);
    assert.deepEqual([title, media.length, media[0].state], ["Without a script", 1, "ready"]);
    await visitor.write("textarea[name=text]", "And edited.");
    await visitor.follow("form.edit button.primary");
    assert.equal(await visitor.text(".good"), words("en", "manage-saved"));
    assert.equal((await site.read(link)).text, "And edited.");
    await visitor.press("section.end summary");
    await visitor.follow("section.end button.danger");
    assert.equal((await fetch(link)).status, 410);
    await visitor.leave();
  } finally {
    await plain.close();
  }
});

test("a post with a password opens to who knows it, for this visit", async () => {
  const { link } = await site.post([["text", "Behind the door."], ["password", "كلمة السر"], ["file", samples.photo()]]);
  const visitor = await Visitor.arrive(browser, link);
  const { page } = visitor;
  assert.equal(await visitor.text("h1"), words("en", "locked-heading"));
  await visitor.write("input[name=password]", "another");
  await visitor.follow("form[action$='/open'] button.primary");
  await page.waitForSelector("#error");
  await visitor.write("input[name=password]", "كلمة السر");
  await visitor.follow("form[action$='/open'] button.primary");
  assert.match(await visitor.text(".prose"), /Behind the door\./);
  await page.reload();
  assert.match(await visitor.text(".prose"), /Behind the door\./);
  const stranger = await Visitor.arrive(browser, link);
  assert.equal(await stranger.text("h1"), words("en", "locked-heading"));
  await stranger.leave();
  // Firefox writes down the refusal of the wrong password.
  visitor.troubles = visitor.troubles.filter((trouble) => !/status|403|401/.test(trouble));
  await visitor.leave();
});

test("pictures are looked at large from the keyboard, and the focus comes back", async () => {
  const { link } = await site.post([["file", samples.picture("a.png")], ["caption", "The first"], ["file", samples.picture("b.png", "300x200")], ["caption", "The second"]]);
  await site.settled(link);
  const visitor = await Visitor.arrive(browser, link);
  const { page } = visitor;
  await page.focus("a.enlarge");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".pswp--open");
  const caption = (wanted) => page.waitForFunction((wanted) => document.querySelector(".pswp__caption")?.textContent === wanted, {}, wanted);
  await caption("The first");
  await page.keyboard.press("ArrowRight");
  await caption("The second");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".pswp", { hidden: true });
  assert.ok(await page.$$eval("a.enlarge", (links) => links[1] === document.activeElement));
  await visitor.leave();
});

test("in Arabic everything runs from right to left, and rows are moved from the keyboard", async () => {
  const arabic = await launch("ar");
  try {
    const visitor = await Visitor.arrive(arabic, site.url);
    const { page } = visitor;
    await page.waitForSelector("form.live");
    assert.deepEqual(await page.$eval("html", ({ lang, dir }) => [lang, dir]), ["ar", "rtl"]);
    await visitor.choose(FILES, samples.picture("a.png"), samples.picture("b.png", "300x200"));
    await page.waitForFunction(() => document.querySelectorAll(".row[data-state=arrived]").length === 2);
    // What leads to the start of a row stands on the right.
    assert.ok(await page.$eval(".row", (row) => row.querySelector(".handle").getBoundingClientRect().left > row.querySelector(".remove").getBoundingClientRect().left));
    await page.focus(".row:nth-child(2) .handle");
    await page.keyboard.press("ArrowUp");
    assert.deepEqual(await page.$$eval(".row .file-name", (names) => names.map((name) => name.textContent)), ["b.png", "a.png"]);
    await page.focus("textarea[name=text]");
    await page.waitForSelector(".tools");
    await page.keyboard.type("هبّت الريح");
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.press("b");
    await page.keyboard.up("Control");
    assert.equal(await visitor.value("textarea[name=text]"), "**هبّت الريح**");
    await page.click(PUBLISH);
    await page.waitForSelector(".outcome-links:not([hidden])");
    const link = await visitor.value("input.outcome-link");
    const { media } = await site.settled(link);
    assert.deepEqual(media.map(({ width }) => width), [300, 640]);
    await page.goto(link);
    assert.deepEqual(await page.$eval(".prose p", (words) => [getComputedStyle(words).direction, words.querySelector("strong").textContent]), ["rtl", "هبّت الريح"]);
    await visitor.leave();
  } finally {
    await arabic.close();
  }
});

test("on the manage page words and the order of media are changed", async () => {
  const { link, manage } = await site.post([["file", samples.picture("a.png")], ["file", samples.picture("b.png", "300x200")], ["text", "Before."]]);
  await site.settled(link);
  const visitor = await Visitor.arrive(browser, manage);
  const { page } = visitor;
  await page.waitForSelector("form.live");
  await page.focus(".medium-edit:nth-child(2) .handle");
  await page.keyboard.press("Home");
  await visitor.write("textarea[name=text]", "After.");
  await visitor.follow("form.edit button.primary");
  const { text, media } = await site.settled(link);
  assert.deepEqual([text, ...media.map(({ width }) => width)], ["After.", 300, 640]);
  await visitor.leave();
});
