// From a report to a decision and back: a kite in five disguises, an anonymous report without a script, an operator who decides all of it at once, a copy
// that is posted again, an appeal that is won. HANDBILL_PICTURES=DIR takes pictures of every step, in both directions, sizes and colours.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./browser.mjs";
import { looking } from "./looking.mjs";
import { enrol } from "./moderator.mjs";
import { Samples } from "./samples.mjs";
import { Site, until } from "./site.mjs";

const look = looking("desk");
let site, browser, samples, operator, kite, disguises, other;

const disguised = (from, name, filter) => {
  const to = join(site.home, name);
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", "-i", from, "-vf", filter, "-frames:v", "1", to]);
  return to;
};

before(async () => {
  site = await Site.start();
  site.url = `http://localhost:${site.port}`;
  browser = await launch();
  samples = new Samples(site.home);
  const card = samples.picture("kite.png");
  const files = [
    disguised(card, "small.jpg", "scale=iw/2:-1"),
    disguised(card, "mirror.jpg", "hflip"),
    disguised(card, "cut.jpg", "crop=0.8*iw:0.85*ih:30:40"),
    disguised(card, "frame.png", "pad=iw+160:ih+200:80:60:white"),
    disguised(card, "tilt.jpg", "rotate=0.08:fillcolor=gray"),
  ];
  const posted = async (...fields) => {
    const post = await site.post(fields);
    await site.settled(post.link);
    return post;
  };
  kite = await posted(["file", card], ["title", "Forbidden kite"], ["text", "It flies over *the harbour*."], ["caption", "Red"]);
  disguises = [];
  for (const file of files) disguises.push(await posted(["file", file], ["text", "A day out"]));
  other = await posted(["file", samples.photo("hill.jpg")], ["title", "A hill"]);
  operator = await Visitor.arrive(browser, site, { locale: "en" });
  await enrol(operator.page, site.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/)[0]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const state = async (post) => (await fetch(`${site.url}${new URL(post.link).pathname}.json`)).status;
const path = (link) => new URL(link).pathname;

let receipt;

test("anybody reports a picture without an account, a name or a script", async () => {
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false, locale: "en" });
  const { page } = visitor;
  await page.goto(kite.link);
  await page.locator("a[href$='/report']").click();
  await page.locator("[name=media]").nth(1).check();
  await page.locator("[name=category][value=violence]").check();
  await page.locator("[name=explanation]").fill("It threatens the other kites.");
  await look(page, "report");
  await page.locator("[name=good_faith]").check();
  await page.locator("form.report button.primary").click();
  await page.waitForURL(/\/notices\//);
  receipt = await page.locator("input.link").inputValue();
  assert.match(await page.locator("main").innerText(), /Nobody has decided yet/);
  await look(page, "receipt");
  await visitor.leave();
});

test("the operator reads the case in words first, with everything that is like it, and removes all of it", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console`);
  await page.locator(".queue > li").first().waitFor();
  await look(page, "queue");
  await page.locator(".queue a").first().click();
  await until("what is like it was not found", 60, async () => {
    await page.reload();
    return (await page.locator(".members tbody tr").count()) === disguises.length;
  });
  assert.match(await page.locator("main").innerText(), /It threatens the other kites/);
  assert.equal(await page.locator(".looked img").count(), 0, "pictures are not there until they are asked for");
  await look(page, "case");
  await page.locator("[data-look] a").first().click();
  await page.locator(".looked img").first().waitFor();
  assert.ok(await page.locator(".looked img").first().evaluate((img) => img.decode().then(() => img.naturalWidth > 0)));
  // A tick is kept as it is made, and what would be reached is counted anew.
  const [reach, first] = [page.locator("[data-reach]").first(), page.locator("[name=taken]").first()];
  const before = await reach.innerText();
  await first.uncheck();
  await page.waitForFunction((words) => document.querySelector("[data-reach]").textContent !== words, before);
  await page.reload();
  assert.equal(await first.isChecked(), false);
  assert.notEqual(await reach.innerText(), before);
  await first.check();
  await page.waitForFunction((words) => document.querySelector("[data-reach]").textContent === words, before);
  await page.locator("[name=action][value=remove_alike]").check();
  await page.locator("[name=facts]").fill("The picture threatens other kites.");
  await page.locator("form[action$='/decide'] button.primary").click();
  await page.locator(".toast").waitFor();
  for (const post of [kite, ...disguises]) {
    const { media } = await site.read(post.link);
    assert.equal(media[0].state, "removed", post.link);
    assert.equal(media[0].original, null);
  }
  assert.equal((await site.read(other.link)).state, "live", "what is not like it stays");
  await look(page, "decided");
  await page.goto(`${site.url}/console/decisions`);
  await look(page, "decisions");
});

test("a copy that is posted again is held, and says nothing of it to its poster", async () => {
  const again = await site.post([["file", samples.picture("kite.png")]]);
  assert.equal(again.status, 201);
  assert.equal((await until("it was not prepared", 60, async () => {
    const post = await site.read(again.link);
    return post.media[0].state !== "processing" && post;
  })).media[0].state, "waiting");
});

test("the reporter reads what was decided, the poster why, and appeals without a script", async () => {
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false, locale: "en" });
  const { page } = visitor;
  await page.goto(`${site.url}${path(receipt)}`);
  assert.match(await page.locator("main").innerText(), /It was removed/);
  await page.goto(kite.link);
  assert.match(await page.locator("main").innerText(), /This was removed/);
  assert.doesNotMatch(await page.locator("main").innerText(), /Red/);
  await look(page, "post");
  await page.goto(kite.manage);
  assert.match(await page.locator(".concerned").innerText(), /The picture threatens other kites/);
  await page.locator(".concerned textarea").fill("It is a toy.");
  await page.locator(".concerned button.primary").click();
  await page.locator(".concerned blockquote").waitFor();
  await look(page, "managed");
  await visitor.leave();
});

test("an appeal that is won brings everything back as it was", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console/appeals`);
  await look(page, "appeals");
  const answer = page.locator("[name=words]");
  await answer.fill("So it is.");
  // One button grants it, another one refuses: the keys that send a form choose neither, and the words stay.
  await answer.press("Control+Enter");
  assert.equal(await answer.inputValue(), "So it is.");
  await page.locator("button[value='1']").click();
  await page.waitForURL(`${site.url}/console/appeals?told=back`);
  await page.getByText("Answered: it comes back.").waitFor();
  await until("it did not come back", 60, async () => {
    const all = await Promise.all([kite, ...disguises].map((post) => site.read(post.link)));
    return all.every(({ media }) => media[0].state === "ready");
  });
  const { title, text, media } = await site.read(kite.link);
  assert.deepEqual([title, text, media[0].caption], ["Forbidden kite", "It flies over *the harbour*.", "Red"]);
  assert.equal((await site.bytes(media[0].original.url)).length, media[0].original.size_bytes);
  const free = await site.post([["file", samples.picture("kite.png")]]);
  assert.equal((await site.settled(free.link)).state, "live", "the bank has forgotten it");
});

test("a post that was removed as a whole answers with its reasons, and its manage link takes the appeal", async () => {
  await fetch(`${other.link}/report`, { method: "POST", body: new URLSearchParams({ category: "other_illegal", explanation: "This hill is mine.", good_faith: "1" }), redirect: "manual" });
  const { page } = operator;
  await page.goto(`${site.url}/console`);
  await page.locator(".queue a", { hasText: "against the law" }).click();
  await page.locator("[name=action][value=remove]").check();
  await page.locator("[name=clause]").selectOption("");
  await page.locator("[name=law]").fill("Hill Act, section 7");
  await page.locator("[name=facts]").fill("The hill belongs to somebody.");
  await page.locator("form[action$='/decide'] button.primary").click();
  await page.locator(".toast").waitFor();
  assert.equal(await state(other), 451);
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false, locale: "en" });
  await visitor.page.goto(other.link);
  assert.match(await visitor.page.locator("main").innerText(), /Hill Act, section 7/);
  await look(visitor.page, "removed");
  await visitor.page.goto(other.manage);
  await look(visitor.page, "managed-removed");
  await visitor.page.goto(`${site.url}/policy`);
  await look(visitor.page, "policy");
  visitor.troubles.splice(0, visitor.troubles.length, ...visitor.troubles.filter((words) => !/status of 451/.test(words)));
  await visitor.leave();
  // Undone from the case, it stands again.
  await page.locator(".danger", { hasText: "Undo" }).first().click();
  await until("it did not come back", 60, async () => (await state(other)) === 200);
  await operator.leave();
});
