// An evening at the desk: sixty made-up cases decided by the keyboard alone, and again by touch on a phone, counting keys, looks and seconds; two who
// decide at once; a line that goes away in the middle; a budget that ends; a console left alone. HANDBILL_PICTURES=DIR takes pictures of every state.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./browser.mjs";
import { FOUR, looking } from "./looking.mjs";
import { enrol, field } from "./moderator.mjs";
import { Samples } from "./samples.mjs";
import { Site, until } from "./site.mjs";

const look = looking("keys", FOUR);
const CASES = Number(process.env.HANDBILL_CASES ?? 60);
const CATEGORIES = ["fraud", "policy", "hate", "violence", "privacy", "copyright"];
// No two posts are alike, or what is removed would have a bank hold the others.
const WORDS = "amber anchor apron attic barley basket beacon birch biscuit bridge bucket butter button candle canvas carpet cedar chalk cherry chimney clay clock clover copper coral cotton cradle curtain daisy drum feather fern ferry fiddle flint garden ginger glove granite hammer harbour hazel hedge honey iron ivory jacket kettle ladder lantern lemon linen maple marble meadow mitten mortar needle oat olive orchard oven paddle pebble pepper pine plum pocket quilt raisin ribbon river saddle sail salt sandal shovel silver slate spoon stable straw sugar table thimble timber tulip turnip valley velvet walnut willow window wool".split(" ");
const story = (number) => Array.from({ length: 14 }, (_, place) => WORDS[(number * 31 + place * (7 + (number % 11)) + number * place) % WORDS.length]).join(" ");
let browser;
const sites = [];
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
  // Those of journeys that ended early.
  for (const site of sites) if (site.child.exitCode === null && site.child.signalCode === null) await site.kill();
});

/** A site with `count` cases, each about a kite of its own, and its operator's browser. */
async function evening(count, options = {}) {
  const site = await Site.start({ settings: { FAIR_USE__POSTS_PER_HOUR: 0, FAIR_USE__UPLOADS_PER_HOUR: 0, FAIR_USE__NOTICES_PER_HOUR: 0 } });
  site.url = `http://localhost:${site.port}`;
  sites.push(site);
  const posts = [];
  for (let number = 0; number < count; number += 1) {
    posts.push(await site.post([["title", `Kite ${number}`], ["text", `Kite ${number}: ${story(number)}.`]]));
    await report(site, posts[number].link, CATEGORIES[number % CATEGORIES.length]);
  }
  const operator = await Visitor.arrive(browser, site, { locale: "en", ...options });
  await enrol(operator.page, site.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/)[0]);
  return { site, posts, operator };
}

async function report(site, link, category, explanation = "This kite is somebody's.") {
  const body = new URLSearchParams({ category, explanation, good_faith: "1" });
  const answer = await fetch(`${site.url}${new URL(link).pathname}/report`, { method: "POST", body, headers: { accept: "text/html" }, redirect: "manual" });
  assert.equal(answer.status, 303);
}

/** Another who decides, in a browser of their own. */
async function colleague(site, operator, name) {
  await operator.page.goto(`${site.url}/console/people`);
  await field(operator.page, "name").fill(name);
  await operator.page.locator("form.add button.primary").click();
  const address = await operator.page.locator("input.link").inputValue();
  const other = await Visitor.arrive(browser, site, { locale: "en" });
  await enrol(other.page, address);
  return other;
}

const isDark = async (site, post) => (await fetch(`${site.url}${new URL(post.link).pathname}.json`)).status;
/** A press, and the case that comes by it. */
async function comes(page, deed) {
  const before = new URL(page.url()).pathname;
  await deed();
  await page.waitForURL((url) => url.pathname !== before && (/\/console\/cases\//.test(url.pathname) || url.pathname === "/console"));
  await page.waitForFunction(() => document.documentElement.classList.contains("desk"));
}

test(`an evening's queue of ${CASES} cases is decided by keys alone`, { timeout: 1_200_000 }, async (t) => {
  const { site, posts, operator } = await evening(CASES);
  const { page } = operator;
  let keys = 0;
  const press = async (key) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await page.goto(`${site.url}/console`);
  await page.waitForFunction(() => document.documentElement.classList.contains("keys"));
  await look(page, "queue");
  const began = Date.now();
  const waits = [];
  // The first: from the console to a decision in three keys.
  await comes(page, () => press("n"));
  await look(page, "case");
  assert.match(await page.locator("[name=facts]").inputValue(), /It was reported once/);
  await press("r");
  assert.equal(await page.locator("[name=action]:checked").inputValue(), "remove");
  await comes(page, () => press("Enter"));
  assert.equal(keys, 3);
  await look(page, "next");
  assert.equal(await page.locator(".toast").count(), 1);
  let removed = 1;
  const actions = ["a", "r", "c", "a", "a"];
  for (let number = 1; number < CASES; number += 1) {
    const action = actions[number % actions.length];
    removed += action === "r" ? 1 : 0;
    await press(action);
    // The ground that was used last, every other time.
    if (action === "r" && number % 2 === 0 && (await page.locator("[data-key='1']").count()) > 0) await press("1");
    const from = Date.now();
    await comes(page, () => press("Enter"));
    waits.push(Date.now() - from);
  }
  await page.waitForURL(/told=nothing-left/);
  const seconds = (Date.now() - began) / 1_000;
  assert.match(await page.locator(".today").innerText(), new RegExp(`${CASES} decided · 0 looks`));
  const states = await Promise.all(posts.map((post) => isDark(site, post)));
  assert.equal(states.filter((state) => state !== 200).length, removed);
  // The last one that can be undone is one key away.
  waits.sort((one, other) => one - other);
  t.diagnostic(`${CASES} cases, ${keys} keys, 0 looks, ${seconds.toFixed(1)} s; the next case came ${waits[waits.length >> 1]} ms after the key, at the 95th of 100 ${waits[Math.floor(waits.length * 0.95)]} ms`);
  assert.ok(keys <= CASES * 3, `${keys} keys`);
  await operator.leave();
  await site.stop();
});

test(`the same ${CASES} by touch on a phone`, { timeout: 1_200_000 }, async (t) => {
  const { site, posts, operator } = await evening(CASES, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const { page } = operator;
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.tap();
  };
  await page.goto(`${site.url}/console`);
  const began = Date.now();
  await comes(page, () => tap(page.locator(".desk-head a.primary")));
  assert.equal(await page.locator(".deciding kbd").first().isVisible(), false, "a phone is shown no keys");
  for (let number = 0; number < CASES; number += 1) {
    await tap(page.locator(".thumb .primary"));
    await tap(page.locator(".choice", { has: page.locator(`[value=${number % 3 === 0 ? "remove" : "no_action"}]`) }));
    await comes(page, () => tap(page.locator("#decide button.primary")));
  }
  await page.waitForURL(/told=nothing-left/);
  const states = await Promise.all(posts.map((post) => isDark(site, post)));
  assert.equal(states.filter((state) => state !== 200).length, Math.ceil(CASES / 3));
  t.diagnostic(`${CASES} cases, ${taps} taps, 0 looks, ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  assert.ok(taps <= CASES * 3 + 1, `${taps} taps`);
  await operator.leave();
  await site.stop();
});

test("keys do nothing while somebody types, once while they are held, and what was decided is undone by one", { timeout: 300_000 }, async () => {
  const { site, posts, operator } = await evening(4);
  const { page } = operator;
  await page.goto(`${site.url}/console`);
  // Held down: one case comes.
  let asked = 0;
  page.on("request", (request) => (asked += Number(/\/console\/next/.test(request.url()))));
  await comes(page, async () => {
    await page.keyboard.down("n");
    await page.keyboard.down("n");
    await page.keyboard.down("n");
    await page.keyboard.up("n");
  });
  assert.equal(asked, 1);
  // Typed, they are letters.
  await page.keyboard.press("f");
  await page.keyboard.type("rnacuh");
  assert.match(await page.locator("[name=facts]").inputValue(), /rnacuh/);
  assert.equal(await page.locator("[name=action]:checked").count(), 0);
  await page.keyboard.press("Escape");
  // By an Arabic keyboard, by the places of the keys.
  await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ق", code: "KeyR", bubbles: true, cancelable: true })));
  assert.equal(await page.locator("[name=action]:checked").inputValue(), "remove");
  // The list of keys, and everything in it by the palette.
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
  assert.ok((await page.locator("#keys dl div").count()) >= 10);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.locator("#palette[open] li").first().waitFor();
  await page.keyboard.type("withhold");
  assert.equal(await page.locator("#palette li").count(), 1);
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("[name=action]:checked").inputValue(), "withhold");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("kite 3");
  await page.locator("#palette li .detail", { hasText: /·/ }).first().waitFor();
  await look(page, "palette", async (seen) => {
    await seen.keyboard.press("Control+k");
    await seen.locator("#palette[open] li").first().waitFor();
  });
  await look(page, "keys", async (seen) => {
    await seen.locator("[data-opens=keys]").click();
    await seen.locator("#keys dl div").first().waitFor();
  });
  await page.keyboard.press("Escape");
  await page.locator("#palette").waitFor({ state: "hidden" });
  // What is chosen in the palette stays chosen when what was looked for arrives.
  let answer;
  await page.route("**/console/find?*", (route) => (answer = () => route.continue()));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("de");
  await page.keyboard.press("ArrowDown");
  const chosen = page.locator("#palette li[aria-selected=true]");
  const words = await chosen.textContent();
  assert.notEqual(words, await page.locator("#palette li").first().textContent());
  await chosen.evaluate((row) => row.classList.add("before"));
  await until("it was not looked for", 10, () => answer);
  await answer();
  await page.waitForFunction(() => document.querySelector("#palette li") && !document.querySelector("#palette .before"));
  assert.equal(await chosen.textContent(), words);
  await page.unroute("**/console/find?*");
  await page.keyboard.press("Escape");
  await page.locator("#palette").waitFor({ state: "hidden" });
  // A key that follows at once on what closed the palette is one of the page's, though the focus has not left its field yet.
  await page.keyboard.press("a");
  await page.keyboard.press("Control+k");
  await page.locator("#palette[open] li").first().waitFor();
  await page.evaluate(() => {
    const typed = document.activeElement;
    document.querySelector("#palette").close();
    typed.dispatchEvent(new KeyboardEvent("keydown", { key: "r", code: "KeyR", bubbles: true, cancelable: true }));
  });
  assert.equal(await page.locator("[name=action]:checked").inputValue(), "remove");
  // A no is told as what it is.
  await page.route("**/decide", (route) => route.fulfill({ status: 403, contentType: "text/html", body: "<h1>A wall of somebody else</h1>" }));
  await page.keyboard.press("r");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.locator("[data-unsent]:not([hidden])").waitFor();
  assert.equal(await page.locator("[data-unsent]").innerText(), "Nothing was decided. A wall of somebody else");
  await page.unroute("**/decide");
  // A session that ended takes its page with it; what was typed is there again for who comes back.
  const [here, cookies] = [page.url(), await operator.context.cookies()];
  await page.keyboard.press("f");
  await page.keyboard.type("Half a sentence. ");
  const typed = await page.locator("[name=facts]").inputValue();
  await operator.context.clearCookies({ name: "console" });
  // The decision and the look at who has the case find that out at one time; the page goes once.
  const held = new Map();
  const asks = /\/(claim|decide)$/;
  await page.route(asks, (route) => held.set(asks.exec(route.request().url())[1], route));
  const gone = [];
  const going = (request) => request.isNavigationRequest() && !request.redirectedFrom() && gone.push(request.url());
  page.on("request", going);
  await page.keyboard.press("Control+Enter");
  await until("they were not both asked", 20, () => held.size === 2);
  await Promise.all([...held.values()].map((route) => route.continue()));
  await page.waitForURL(/\/console\/sign-in/);
  await page.unroute(asks);
  page.off("request", going);
  assert.deepEqual(gone, [here]);
  await operator.context.addCookies(cookies);
  await page.goto(here);
  await page.locator("[data-put-back]:not([hidden])").waitFor();
  assert.deepEqual([await page.locator("[name=facts]").inputValue(), await page.locator("[name=action]:checked").inputValue()], [typed, "remove"]);
  await page.reload();
  await page.waitForFunction(() => document.documentElement.classList.contains("desk"));
  assert.equal(await page.locator("[data-put-back]").isVisible(), false, "it came back twice");
  // The line goes in the middle of a decision: the page says so, and sent again it counts once.
  await page.keyboard.press("r");
  await page.keyboard.press("Escape");
  await operator.context.setOffline(true);
  await page.evaluate(() => (window.same = true));
  await page.keyboard.press("n");
  await page.locator("#offline:not([hidden])").waitFor();
  await page.waitForFunction(() => window.same && !document.querySelector("main").inert);
  await page.keyboard.press("h");
  await page.keyboard.press("t");
  await page.keyboard.type("A note that waits for a line.");
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => window.same && document.querySelector(".notes textarea[name=words]").value !== "");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.locator("[data-unsent]:not([hidden])").waitFor();
  assert.match(await page.locator("[data-unsent]").innerText(), /Send it again/);
  await operator.context.setOffline(false);
  // A line that has just come back may drop what goes over it first: whoever is told that no answer came sends it again.
  await comes(page, () =>
    until("it was not sent", 30, async () => {
      const from = page.url();
      await page.keyboard.press("Enter");
      return page.waitForURL((url) => url.href !== from, { timeout: 5_000 }).then(() => true, () => false);
    }));
  assert.equal((await Promise.all(posts.map((post) => isDark(site, post)))).filter((state) => state !== 200).length, 1);
  const after = page.url();
  await page.keyboard.press("u");
  await page.waitForURL(/told=undone/);
  assert.notEqual(page.url(), after);
  await until("it did not come back", 30, async () => (await Promise.all(posts.map((post) => isDark(site, post)))).every((state) => state === 200));
  operator.troubles.splice(0, operator.troubles.length, ...operator.troubles.filter((words) => !/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|status of 403/.test(words)));
  await operator.leave();
  await site.stop();
});

test("two at once never have the same case, and whoever is shut out loses it at once", { timeout: 300_000 }, async () => {
  const { site, operator } = await evening(3);
  const salma = await colleague(site, operator, "Salma");
  await comes(salma.page, () => salma.page.goto(`${site.url}/console/next`));
  const hers = new URL(salma.page.url()).pathname;
  await comes(operator.page, () => operator.page.goto(`${site.url}/console/next`));
  assert.notEqual(new URL(operator.page.url()).pathname, hers);
  await operator.page.goto(`${site.url}${hers}`);
  assert.match(await operator.page.locator(".claimed").innerText(), /Salma has this case open/);
  await look(operator.page, "claimed");
  // The queue says so, live, without being asked again.
  await operator.page.goto(`${site.url}/console`);
  await operator.page.locator(".tag.with", { hasText: "Salma" }).waitFor();
  const more = await site.post([["text", "A fourth kite, over the hills."]]);
  await report(site, more.link, "copyright");
  await until("the queue did not change by itself", 20, async () => (await operator.page.locator(".queue > li").count()) === 4);
  // Taken over, Salma's page says so and sends nothing.
  await operator.page.goto(`${site.url}${hers}`);
  await operator.page.locator("button[name=anyway]").click();
  await operator.page.locator("#deciding").waitFor();
  await salma.page.locator("[data-vanished]:not([hidden])").waitFor({ timeout: 20_000 });
  await salma.page.keyboard.press("r");
  assert.equal(await salma.page.locator("[name=action]:checked").count(), 0);
  // Shut out with another one open.
  await comes(salma.page, () => salma.page.goto(`${site.url}/console/next`));
  await operator.page.goto(`${site.url}/console/people`);
  await operator.page.locator(".people > li", { hasText: "Salma" }).locator(".stern").click();
  await salma.page.waitForURL(/\/console\/sign-in/, { timeout: 20_000 });
  await salma.leave();
  await operator.leave();
  await site.stop();
});

test("pictures come one by one, blurred, sharper while they are asked for, never twice, and not beyond the budget", { timeout: 600_000 }, async () => {
  const { site, operator } = await evening(0);
  const samples = new Samples(site.home);
  const files = [samples.picture("one.png"), samples.photo("two.jpg"), samples.film("three.mp4", { seconds: 2 })];
  for (const file of files) {
    const post = await site.post([["file", file], ["text", `A kite of ${file.split("/").pop()}, on its way.`]]);
    await site.settled(post.link);
    await report(site, post.link, "hate");
  }
  const { page } = operator;
  await page.goto(`${site.url}/console/people`);
  await page.locator("[name=looks]").fill("2");
  await page.locator("form[action$='/looks'] button").click();
  await look(page, "people");
  await comes(page, () => page.goto(`${site.url}/console/next`));
  assert.equal(await page.locator("main img").count(), 0);
  const degree = () => page.locator("img.dim").first().getAttribute("data-degree");
  await page.keyboard.down("l");
  await page.locator("img.dim[data-degree]").waitFor();
  await until("it grew no sharper", 10, async () => Number(await degree()) >= 3);
  assert.match(await page.locator("img.dim").first().evaluate((img) => getComputedStyle(img).filter), /grayscale\(1\)/);
  // A film's stills stand side by side. Which comes first is a matter of how often each was opened while it was made ready.
  const [{ width }, films] = [await page.locator("img.dim").first().boundingBox(), await page.locator(".look.film").count()];
  assert.ok(width <= (films ? 420 : 200), `${width} px wide`);
  await page.keyboard.up("l");
  assert.equal(await degree(), null, "let go, it is blurred again");
  assert.match(await page.locator("img.dim").first().evaluate((img) => getComputedStyle(img).filter), /blur\(18px\)/);
  await look(page, "looked", async (seen) => {
    await seen.locator("[data-look] a").first().click();
    await seen.locator("img.dim").waitFor();
  });
  await comes(page, () => page.keyboard.press("n"));
  await page.keyboard.press("l");
  await page.locator("img.dim").waitFor();
  await comes(page, () => page.keyboard.press("n"));
  assert.match(await page.locator(".looks").innerText(), /used up/);
  await page.keyboard.press("l");
  await page.locator(".look [data-failed]:not([hidden])").waitFor();
  await look(page, "used-up");
  // Handed over with a note.
  await page.keyboard.press("t");
  await page.keyboard.type("I have seen enough today.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.locator("[name=to]").selectOption("anybody");
  await comes(page, () => page.locator(".notes button").click());
  assert.match(await page.locator(".toast, .good").first().innerText(), /handed over/);
  operator.troubles.splice(0, operator.troubles.length, ...operator.troubles.filter((words) => !/status of 40[39]/.test(words)));
  await operator.leave();
  await site.stop();
});

test("the key of a picture keeps to the one that has the focus, and opens no other", { timeout: 300_000 }, async () => {
  const { site, operator } = await evening(0);
  const samples = new Samples(site.home);
  const post = await site.post([["file", samples.photo("one.jpg")], ["file", samples.picture("two.png")], ["text", "Two kites, one beside the other."]]);
  await site.settled(post.link);
  await report(site, post.link, "hate");
  const { page } = operator;
  await comes(page, () => page.goto(`${site.url}/console/next`));
  const [first, second] = [page.locator(".look").nth(0), page.locator(".look").nth(1)];
  const holds = async (place) => {
    await page.keyboard.down("l");
    await place.locator("img.dim[data-degree]").waitFor();
    await page.keyboard.up("l");
    assert.equal(await place.evaluate((own) => own === document.activeElement), true, "the focus went elsewhere");
    return page.locator("img.dim").count();
  };
  await second.locator("a").focus();
  await page.keyboard.press("Enter");
  await second.locator("img.dim").waitFor();
  assert.equal(await holds(second), 1);
  assert.equal(await holds(second), 1);
  await first.locator("a").focus();
  assert.equal(await holds(first), 2);
  assert.equal(await holds(first), 2);
  // The pointer, when it is what they came by.
  await second.hover();
  await page.keyboard.down("l");
  await second.locator("img.dim[data-degree]").waitFor();
  await page.keyboard.up("l");
  await operator.leave();
  await site.stop();
});

test("a console left alone covers itself and lets others have the case", { timeout: 300_000 }, async () => {
  const { site, operator } = await evening(1);
  const { page } = operator;
  await page.clock.install();
  await comes(page, () => page.goto(`${site.url}/console/next`));
  await page.keyboard.press("f");
  await page.keyboard.type("My words. ");
  await page.clock.fastForward(6 * 60_000);
  await page.locator("#away[open]").waitFor();
  assert.equal(await page.locator("main").isVisible(), false);
  // A browser lets the second press of Escape close it: it comes again.
  for (let times = 0; times < 3; times += 1) await page.keyboard.press("Escape");
  await page.locator("#away[open] button").waitFor();
  // Their other page is closed again: time passes for it as well, and a browser that is closed while two pages go may never end.
  const other = await operator.context.newPage();
  const salma = await colleague(site, { page: other }, "Salma");
  await other.close();
  await comes(salma.page, () => salma.page.goto(`${site.url}/console/next`));
  await page.locator("#away button").click();
  await page.locator("[data-vanished]:not([hidden])").waitFor();
  assert.match(await page.locator("[name=facts]").inputValue(), /My words/);
  await page.clock.fastForward(40 * 60_000);
  await page.waitForURL(/\/console\/sign-in/);
  await salma.leave();
  operator.troubles.length = 0;
  await operator.leave();
  await site.stop();
});

test("what was typed outlives everything but its decision, filters change live, and the palette knows the product's words", { timeout: 300_000 }, async () => {
  const { site, operator } = await evening(2);
  const { page } = operator;
  const ready = () => page.waitForFunction(() => document.documentElement.classList.contains("keys"));
  await page.goto(`${site.url}/console`);
  await ready();
  // Chosen, it is shown: the same page, and its address says what.
  await page.evaluate(() => (window.same = true));
  await page.locator("details.filters summary").click();
  await page.locator("[name=category]").selectOption("terrorism");
  await page.waitForFunction(() => document.querySelectorAll(".queue > li").length === 0);
  assert.match(page.url(), /\/console\?category=terrorism$/);
  await page.locator("[name=category]").selectOption("");
  await page.waitForFunction(() => document.querySelectorAll(".queue > li").length === 2);
  assert.deepEqual([new URL(page.url()).search, await page.evaluate(() => window.same)], ["", true]);
  // Their own words, and what they chose.
  await page.goto(`${site.url}/console/next`);
  await ready();
  const here = new URL(page.url()).pathname;
  await page.locator("[name=facts]").fill("In their own words.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  const stands = async (after) => {
    await ready();
    assert.deepEqual([await page.locator("[name=facts]").inputValue(), await page.locator("[name=action]:checked").inputValue(), await page.locator("[data-put-back]").isVisible()], ["In their own words.", "remove", false], after);
  };
  const hold = page.locator("[data-key=h]");
  const before = await hold.innerText();
  await page.keyboard.press("h");
  await page.waitForFunction((words) => document.querySelector("[data-key=h]")?.innerText !== words && document.documentElement.classList.contains("keys"), before);
  await stands("hidden until it is decided");
  await page.keyboard.press("t");
  await page.keyboard.type("A note.");
  await page.keyboard.press("Control+Enter");
  await page.locator(".notes blockquote", { hasText: "A note." }).waitFor();
  await stands("a note");
  assert.equal(await page.locator(".notes textarea").inputValue(), "");
  // The next one is drawn in the place of this one, from its top, and the way back leads to this one.
  await page.evaluate(() => (window.same = true));
  await comes(page, () => page.keyboard.press("n"));
  assert.deepEqual(await page.evaluate(() => [window.same, scrollY, document.querySelector("main").contains(document.activeElement)]), [true, 0, true]);
  await page.goBack();
  await page.waitForURL((url) => url.pathname === here);
  await page.waitForFunction(() => !window.same);
  await stands("another case");
  // Everything by the words that the product has for it.
  for (const [typed, key] of [["unhold", "H"], ["assign", "G"], ["everything alike", "R"], ["ask back", "Q"], ["note", "T"]]) {
    await page.keyboard.press("Control+k");
    await page.locator("#palette[open] li").first().waitFor();
    await page.keyboard.type(typed);
    assert.equal(await page.locator("#palette li kbd").first().innerText(), key, typed);
    await page.keyboard.press("Escape");
    await page.locator("#palette").waitFor({ state: "hidden" });
  }
  // And what has no key: levers by what they do, and the way out.
  for (const [typed, what] of [["read-only", "Levers"], ["sign out", "Sign out"]]) {
    await page.keyboard.press("Control+k");
    await page.locator("#palette[open] li").first().waitFor();
    await page.keyboard.type(typed);
    assert.equal(await page.locator("#palette li .what").first().innerText(), what);
    await page.keyboard.press("Escape");
    await page.locator("#palette").waitFor({ state: "hidden" });
  }
  // Whatever has the focus again, now that the palette is gone.
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("#keys[open] dl div").first().waitFor();
  const listed = await page.locator("#keys dt").allInnerTexts();
  assert.ok(["Ctrl+K", "Ctrl+Enter", "Esc"].every((key) => listed.includes(key)), listed.join());
  await page.keyboard.press("Escape");
  await comes(page, () => page.keyboard.press("Enter"));
  assert.equal(await page.evaluate(() => sessionStorage.getItem("handbill-typed")), null, "it was decided");
  await page.goto(`${site.url}/console/decisions`);
  await ready();
  await page.keyboard.press("u");
  await page.waitForURL(/told=undone/);
  // Handed over by keys alone.
  await page.goto(`${site.url}/console/next`);
  await ready();
  await page.keyboard.press("t");
  await page.keyboard.type("Somebody else, please.");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/told=handed-over/);
  await operator.leave();
  await site.stop();
});
