// Deciding, as it is in front of somebody: how long the next case takes to be on the screen after its key, with 100,000 open, in Chromium; and what a first visit
// to the console makes a browser fetch. Rows are written straight into the database, each a copy of a case that came by the form.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { launch, Visitor } from "../e2e/browser.mjs";
import { enrol } from "../e2e/moderator.mjs";
import { Site } from "../e2e/site.mjs";
import { median } from "./numbers.mjs";

const OPEN = 100_000;
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

export async function measure({ quick }) {
  const rounds = quick ? 5 : 41;
  const site = await Site.start({ settings: { FAIR_USE__NOTICES_PER_HOUR: 0 } });
  site.url = `http://localhost:${site.port}`;
  const browser = await launch();
  try {
    const { link } = await site.post([["title", "Kite"], ["text", "A red kite flies over the old harbour."]]);
    const body = new URLSearchParams({ category: "fraud", explanation: "This kite is somebody's.", good_faith: "1" });
    await fetch(`${site.url}${new URL(link).pathname}/report`, { method: "POST", body });
    const { page, context } = await Visitor.arrive(browser, site, { locale: "en" });
    await enrol(page, site.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/)[0]);
    await site.kill("SIGTERM");
    multiply(join(site.data, "handbill.db"));
    await site.serve();

    const first = await fetched(context, `${site.url}/console`);
    await page.goto(`${site.url}/console/next`);
    const keyed = [];
    for (let round = 0; round < rounds; round += 1) keyed.push(await comes(page, "n"));
    return [
      { id: "desk-next", what: `next case on the screen, ${OPEN.toLocaleString("en")} open`, ours: median(keyed), unit: "ms", target: { at_most: 100 }, samples: keyed },
      { id: "desk-first", what: `first visit to the console: ${first.answers} answers, on the wire`, ours: first.bytes / 1000, unit: "kB", target: { at_most: 120 } },
    ];
  } finally {
    await browser.close();
    await site.kill("SIGTERM");
  }
}

/** A database of one case becomes one of many, each of its own post and with a notice of its own; a tenth of them are due some day. */
function multiply(file) {
  const database = new DatabaseSync(file);
  const kept = (table) => database.prepare(`SELECT * FROM ${table}`).get();
  const [post, one, notice] = ["posts", "cases", "notices"].map(kept);
  const insert = (table, row) => database.prepare(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.keys(row).map(() => "?")})`);
  const [posts, cases, notices] = [insert("posts", post), insert("cases", one), insert("notices", notice)];
  database.exec("BEGIN");
  for (let number = 1; number < OPEN; number += 1) {
    const [post_id, case_id, notice_id] = [post.id, one.id, notice.id].map((id) => named(id, number));
    posts.run(...Object.values({ ...post, id: post_id, title: `Kite ${number}` }));
    const due_ms = number % 10 ? null : one.opened_ms + number * 60_000;
    cases.run(...Object.values({ ...one, id: case_id, post_id, due_ms, weight: one.weight + (number % 50) }));
    notices.run(...Object.values({ ...notice, id: notice_id, case_id }));
  }
  database.exec("COMMIT");
  database.exec("ANALYZE");
  database.close();
}

/** An id of the same length and alphabet, another one for each number. */
function named(id, number) {
  let end = "";
  for (let left = number; end.length < 6; left = Math.floor(left / LETTERS.length)) end += LETTERS[left % LETTERS.length];
  return id.slice(0, -7) + end + id.slice(-1);
}

/**
 * Presses a key, and gives the time until the case that comes by it is painted, in milliseconds. It is drawn in the place of the one before, and has no first
 * paint of its own: what stands when a frame is made is painted when the next one begins.
 */
async function comes(page, key) {
  await page.evaluate(() => {
    window.painted = new Promise((done) => {
      let pressed = 0;
      addEventListener("keydown", () => (pressed = performance.now()), { capture: true, once: true });
      const drawn = new MutationObserver(() => {
        drawn.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - pressed)));
      });
      drawn.observe(document.documentElement, { childList: true });
    });
  });
  const before = page.url();
  await page.keyboard.press(key);
  await page.waitForURL((url) => url.href !== before && /\/console\/cases\//.test(url.pathname));
  return page.evaluate(() => window.painted);
}

/** What a browser that has nothing fetches for a page, counted on the wire. */
async function fetched(context, url) {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
  let [bytes, answers] = [0, 0];
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    answers += 1;
  });
  await page.goto(url, { waitUntil: "networkidle" });
  await page.close();
  return { bytes, answers };
}
