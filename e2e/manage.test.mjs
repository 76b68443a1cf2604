// Files that are added on the manage page: on their way at once, saved before they have arrived, over lines that break, reloads, and two
// tabs at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Visitor, arrived, files, launch, slow } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site, until } from "./site.mjs";
import { words } from "./words.mjs";

let site, browser, samples;
before(async () => {
  site = await Site.start({ settings: { LIMITS__FILES_PER_POST: 6 } });
  samples = new Samples(site.home);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Those of files that are added. */
const rows = (page) => page.locator("form.edit .row[data-state]");
const save = (page) => page.locator("form.edit button.primary").click();
const saved = (page) => page.waitForURL(/\?saved$/);
const made = (visitor) => visitor.asked.filter((request) => request.method() === "POST" && request.url().endsWith("/uploads")).length;
const secret = (manage) => manage.split("/manage/")[1];
const managed = async ({ link, manage }) => (await fetch(`${site.url}/api/v1/posts${new URL(link).pathname}`, { headers: { authorization: `Bearer ${secret(manage)}` } })).json();

const ready = (own) => until("the media were not ready", 60, async () => (await managed(own)).media.every(({ state }) => state === "ready"));

async function post(...fields) {
  const made = await site.post([["file", samples.picture("a.png")], ["text", "Before."], ...fields]);
  await ready(made);
  return made;
}

async function arrive({ manage }, options = {}) {
  const visitor = await Visitor.arrive(browser, site, { locale: "en", ...options });
  await visitor.page.goto(manage);
  await visitor.page.locator("form.live").waitFor();
  return visitor;
}

test("a photo and a video are added and saved before they have arrived; a reload in mid-upload costs nothing", async () => {
  const own = await post();
  const visitor = await arrive(own);
  const { page } = visitor;
  await slow(page, 100_000);
  await files(page).setInputFiles([samples.film(), samples.photo()]);
  await rows(page).nth(1).locator(".handle").focus();
  await page.keyboard.press("ArrowUp");
  assert.match(await page.locator("#composer-status").textContent(), /2 .*3/, "it is put into order among what is there");
  await rows(page).nth(0).locator("summary").click();
  await rows(page).nth(0).locator("[data-field=caption]").fill("The new one");
  await page.locator("textarea[name=text]").fill("After.");
  await save(page);
  await page.locator(".arriving .good", { hasText: words("en", "manage-saved") }).waitFor();
  const early = await site.read(own.link);
  assert.equal(early.text, "After.");
  assert.ok(early.media.some(({ state }) => state === "receiving"), JSON.stringify(early.media.map(({ state }) => state)));
  await until("nothing was sent", 20, () => visitor.asked.some((request) => request.method() === "PATCH" && request.url().includes("/uploads/")));
  await page.waitForTimeout(500);
  await page.reload();
  assert.ok(visitor.warnings > 0, "nobody was asked whether to leave");
  await page.locator(".arriving .row").nth(1).waitFor();
  await slow(page, 300_000);
  const { media } = await site.settled(own.link);
  assert.deepEqual(media.map(({ kind, state, caption }) => [kind, state, caption]), [["photo", "ready", null], ["photo", "ready", "The new one"], ["video", "ready", null]]);
  assert.equal(made(visitor), 2, "an upload was begun anew");
  // Once all have arrived, the page shows them.
  await saved(page);
  assert.equal(await page.locator(".medium-edit").count(), 3);
  assert.equal(await page.locator(".arriving").count(), 0);
  await visitor.leave();
});

test("files are added among the media that are there, from the camera too, and keep their places while they arrive", async () => {
  const own = await post(["file", samples.picture("z.png", "320x100")]);
  const visitor = await arrive(own);
  const { page } = visitor;
  await slow(page, 60_000);
  await page.locator(".camera input").setInputFiles(samples.photo());
  await rows(page).locator(".handle").focus();
  await page.keyboard.press("Home");
  await rows(page).locator(".later").click();
  await page.locator("textarea[name=text]").fill("Between them: ![](media:3)");
  await save(page);
  await page.locator(".arriving .good").waitFor();
  const early = (await managed(own)).media;
  assert.deepEqual(early.map(({ state, width }) => [state, width]), [["ready", 640], ["receiving", null], ["ready", 320]]);
  assert.equal((await managed(own)).text, `Between them: ![](media:${early[1].id})`);
  // Another edit while it is on its way leaves it where it is, and has a file of its own at the beginning.
  await files(page).setInputFiles(samples.picture("first.png", "50x40"));
  await rows(page).locator(".handle").focus();
  await page.keyboard.press("Home");
  await save(page);
  await until("nothing was saved", 20, async () => (await managed(own)).media.length === 4);
  await slow(page, -1);
  const { media } = await site.settled(own.link);
  assert.deepEqual(media.map(({ width }) => width), [50, 640, 1200, 320]);
  await visitor.leave();
});

test("files that were added and not saved are there again after a reload, and can be taken away", async () => {
  const own = await post();
  const visitor = await arrive(own);
  const { page } = visitor;
  await files(page).setInputFiles([samples.picture("b.png", "300x200"), samples.picture("c.png", "200x300")]);
  await arrived(page, 2);
  await page.reload();
  await arrived(page, 2);
  await rows(page).nth(0).locator(".remove").click();
  // The composer leaves them to this page.
  const composer = await visitor.context.newPage();
  await composer.goto(site.url);
  await composer.locator("form.live").waitFor();
  await composer.waitForTimeout(500);
  assert.equal(await composer.locator(".row, .left-behind").count(), 0);
  await composer.close();
  await save(page);
  await saved(page);
  const { media } = await site.settled(own.link);
  assert.deepEqual(media.map(({ width }) => width), [640, 200]);
  await page.waitForTimeout(300);
  assert.equal(await rows(page).count(), 0);
  await visitor.leave();
});

test("of two tabs that edit at once the later is told, loses nothing, and takes nothing away", async () => {
  const own = await post();
  const visitor = await arrive(own);
  const { page } = visitor;
  const other = await visitor.context.newPage();
  await other.goto(own.manage);
  await other.locator("form.live").waitFor();
  await files(other).setInputFiles(samples.picture("b.png", "300x200"));
  await other.locator("input[name=title]").fill("The other");
  await other.locator("textarea[name=text]").fill("By the other.");
  await arrived(other, 1);
  await save(other);
  await saved(other);

  await files(page).setInputFiles(samples.picture("c.png", "200x300"));
  await page.locator("textarea[name=text]").fill("Mine.");
  await save(page);
  const trouble = page.locator(".trouble");
  assert.equal(await trouble.locator("p").first().innerText(), words("en", "draft-changed"));
  await trouble.locator("summary").click();
  assert.deepEqual([await trouble.locator("strong").innerText(), await trouble.locator("pre").innerText()], ["The other", "By the other."]);
  assert.equal((await site.read(own.link)).text, "By the other.");
  assert.equal(await page.locator("textarea[name=text]").inputValue(), "Mine.");
  assert.equal(await rows(page).count(), 1);
  await save(page);
  await saved(page);
  const { text, title, media } = await site.settled(own.link);
  assert.deepEqual([title, text, ...media.map(({ width }) => width)], [null, "Mine.", 640, 300, 200]);
  visitor.troubles = visitor.troubles.filter((trouble) => !/409/.test(trouble));
  await visitor.leave();
});

test("an answer that gets lost is not taken for somebody else's edit, and nothing is added twice", async () => {
  const own = await post();
  const visitor = await arrive(own);
  const { page } = visitor;
  await page.route("**/api/v1/posts/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    await route.fetch();
    await route.abort();
  }, { times: 4 });
  await files(page).setInputFiles(samples.picture("b.png", "300x200"));
  await save(page);
  await saved(page);
  const { media } = await site.settled(own.link);
  assert.deepEqual(media.map(({ width }) => width), [640, 300]);
  visitor.troubles = visitor.troubles.filter((trouble) => !/ERR_FAILED/.test(trouble));
  await visitor.leave();
});

test("options are saved along with added files, and a wrong one is told beside the form", async () => {
  const own = await post(["views", "5"]);
  const visitor = await arrive(own, { locale: "ar" });
  const { page } = visitor;
  await files(page).setInputFiles(samples.picture("b.png", "300x200"));
  await page.locator("details.options summary").click();
  await page.locator("input[name=views]").fill("many");
  await save(page);
  assert.equal(await page.locator(".trouble p").innerText(), words("ar", "draft-views"));
  assert.equal((await managed(own)).views, 5);
  await page.locator("input[name=views]").fill("٧");
  await page.locator("input[name=password]").fill("kite");
  await page.locator("select[name=expires]").selectOption("1d");
  await page.locator("input[name=sensitive]").check();
  await page.locator(".medium-edit input[name^=alt-]").fill("A test card");
  await save(page);
  await saved(page);
  await ready(own);
  const { views, password, expires, sensitive, media, text } = await managed(own);
  assert.deepEqual([views, password, sensitive, text, ...media.map(({ alt }) => alt)], [7, true, true, "Before.", "A test card", null]);
  assert.ok(Math.abs(Date.parse(expires) - Date.now() - 86_400_000) < 120_000, expires);
  await visitor.leave();
});

test("more files than the post holds are left out in words, and what is no picture is told beside its row", async () => {
  const own = await post();
  const visitor = await arrive(own);
  const { page } = visitor;
  const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") };
  await files(page).setInputFiles([notes]);
  await files(page).setInputFiles(["b", "c", "d", "e", "f", "g", "h"].map((name) => samples.picture(`${name}.png`, "64x48")));
  await page.locator(".row[data-state=failed]").waitFor();
  await arrived(page, 5);
  assert.match(await page.locator(".too-many").innerText(), /6 .*2/);
  await save(page);
  await until("not all were added", 30, async () => (await site.read(own.link)).media.length === 6);
  await visitor.leave();
});
