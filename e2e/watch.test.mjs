// The site's state as its operator sees it, live and without a script; what wakes them, by a mail server and a webhook's receiver that are real; and a night (of some seconds) in which
// nobody is at home, and back. HANDBILL_PICTURES=DIR takes pictures of every page, in both directions, sizes and colours.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Visitor, launch } from "./browser.mjs";
import { FOUR, looking } from "./looking.mjs";
import { enrol } from "./moderator.mjs";
import { Samples } from "./samples.mjs";
import { Site, freePort, sleep, until } from "./site.mjs";

const program = process.env.HANDBILL_BIN ?? new URL("../target/debug/handbill", import.meta.url).pathname;
const pictures = process.env.HANDBILL_PICTURES;
const look = looking("watch", FOUR);
const run = promisify(execFile);
const key = Buffer.from("a key of thirty-two bytes, or so");
const NIGHT_S = 20;
const WORDS = "The red kite flies over the old harbour every morning, and the children on the quay watch until it is gone.";

/** A receiver of webhooks that answers as it is told to, and keeps what it was asked. */
class Receiver {
  static async start() {
    const receiver = new Receiver();
    receiver.asked = [];
    receiver.answers = [];
    receiver.server = createServer((request, response) => {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        receiver.asked.push({ headers: request.headers, path: request.url, body: Buffer.concat(parts).toString(), at: Date.now() / 1000 });
        const answer = receiver.answers.shift() ?? 204;
        if (answer === "hang") return;
        if (answer === 302) response.setHeader("location", `http://127.0.0.1:${receiver.server.address().port}/elsewhere`);
        response.writeHead(answer).end();
      });
    });
    await new Promise((done) => receiver.server.listen(0, "127.0.0.1", done));
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/alarms?token=kite`;
    return receiver;
  }
  /** What it was told of, with signatures checked as the standard has it. */
  told(kind) {
    return this.asked.map(({ headers, path, body, at }) => {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      assert.equal(headers["webhook-signature"], `v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
      assert.ok(Math.abs(at - Number(headers["webhook-timestamp"])) < 60);
      assert.equal(path, "/alarms?token=kite");
      return JSON.parse(body).data.alarms;
    }).flat().filter((alarm) => alarm.kind === kind);
  }
}

let site, browser, operator, receiver, mail;

before(async () => {
  receiver = await Receiver.start();
  const port = await freePort();
  mail = { told: [], child: spawn("python3", [new URL("mail_server.py", import.meta.url).pathname, String(port)], { stdio: ["ignore", "pipe", "inherit"] }) };
  createInterface({ input: mail.child.stdout }).on("line", (line) => mail.told.push(JSON.parse(line)));
  await until("the mail server did not start", 20, () => mail.told.some((one) => one.listening));
  site = await Site.start({ settings: {
    MAIL__SERVER: `smtp://127.0.0.1:${port}`, MAIL__FROM: "Kites <reports@kites.example>", SITE__PUBLIC_URL: "http://localhost:1", SITE__NAME: "Kites",
    ALARMS__MAIL: "ola@kites.example", ALARMS__WEBHOOK: receiver.url, ALARMS__WEBHOOK_SECRET: `whsec_${key.toString("base64")}`, ALARMS__WAVE_MATCHES: 5, ALARMS__DISK_FREE_BYTES: 0,
  } });
  // Where it listens is known only now.
  site.url = `http://localhost:${site.port}`;
  site.settings.HANDBILL__SITE__PUBLIC_URL = site.url;
  await site.kill("SIGTERM");
  await site.serve();
  browser = await launch();
  operator = await Visitor.arrive(browser, site, { locale: "en" });
  const [link] = site.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/);
  await enrol(operator.page, new URL(new URL(link).pathname, site.url).href);
});
after(async () => {
  await browser?.close();
  await site?.stop();
  receiver?.server.close();
  receiver?.server.closeAllConnections();
  mail?.child.kill("SIGKILL");
});

const command = (...words) => execFileSync(program, [...words, "--data", site.data], { encoding: "utf8", env: { ...process.env, ...site.settings }, stdio: ["ignore", "pipe", "ignore"] });
/** A clock that nobody can turn: what took days, or fails for good, is written down as it would be. */
const write = (deed) => {
  const database = new DatabaseSync(join(site.data, "handbill.db"), { timeout: 10_000 });
  try {
    return deed(database);
  } finally {
    database.close();
  }
};
const report = async (link) => {
  const body = new URLSearchParams({ category: "policy", explanation: "It is no kite.", good_faith: "1" });
  const answer = await fetch(`${link}/report`, { method: "POST", redirect: "manual", headers: { accept: "text/html" }, body });
  assert.equal(answer.status, 303, await answer.text());
};
const health = async () => (await fetch(`${site.url}/healthz`)).json();

test("a site on which nothing happens says that all is well, also without a script", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console/watch`);
  assert.equal(await page.locator("#watch-verdict h2").textContent(), "All is well");
  await look(page, "calm");
  const bare = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() });
  const still = await bare.newPage();
  await still.goto(`${site.url}/console/watch`);
  assert.equal(await still.locator("svg.chart").count(), 3);
  assert.equal(await still.locator("table.numbers").first().locator("tbody tr").count(), 24);
  await bare.close();
});

test("a busy site shows what wants its operator first, and keeps itself up to date", async () => {
  const samples = new Samples(site.home);
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  // A week of evenings, each a little different.
  write((database) => {
    const add = database.prepare("INSERT INTO hours (hour_ms, what, times) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET times = excluded.times");
    for (let back = 1; back < 24 * 8; back += 1) {
      const at = hour - back * 3_600_000;
      const evening = Math.max(0, Math.sin((((at / 3_600_000) % 24) - 6) / 24 * 2 * Math.PI));
      for (const [what, most] of [["upload", 90], ["post", 40], ["report", 12]]) add.run(at, what, what === "report" && back === 9 ? 45 : Math.round(most * evening + (back * 7) % 5));
    }
  });
  command("bank", "create", "kites", "--on-match", "hold");
  command("bank", "create", "logos", "--on-match", "log", "--shadow");
  writeFileSync(join(site.home, "kite.txt"), WORDS);
  command("bank", "add", "kites", join(site.home, "kite.txt"));
  for (let copies = 0; copies < 6; copies += 1) await site.post([["text", WORDS]]);
  for (let number = 0; number < 7; number += 1) {
    const { link } = await site.post([["text", `Kite ${number} of a long string of kites that nobody has ever counted to its end.`]]);
    await report(new URL(new URL(link).pathname, site.url).href);
  }
  await site.post([["file", samples.photo("kite.jpg")], ["text", "A kite"]]);
  write((database) => {
    const cases = database.prepare("SELECT id FROM cases WHERE state = 'open' ORDER BY opened_ms, id").all();
    [-1, 0.5, 0.7, 9, 300].forEach((hours, number) => database.prepare("UPDATE cases SET due_ms = ? WHERE id = ?").run(Date.now() + hours * 3_600_000, cases[number].id));
    const dead = database.prepare("INSERT INTO jobs (id, kind, payload, lane, run_at_ms, attempts, dead, last_error, created_ms) VALUES (?, ?, '{}', 'light', 0, 18, 1, ?, ?)");
    dead.run("dead-1", "scrub", "the database: disk I/O error", hour);
    dead.run("dead-2", "sweep", "the object store does not answer: connection refused", hour);
  });
  const { page } = operator;
  await page.goto(`${site.url}/console/watch`);
  await until("the verdict did not change", 15, async () => (await page.locator("#watch-verdict").innerText()).includes("One job failed for good: Deleting (scrub)"));
  const verdict = await page.locator("#watch-verdict").innerText();
  for (const words of ["The time of one case has gone", "2 cases are due within the hour", "of the bank kites"]) assert.ok(verdict.includes(words), verdict);
  assert.equal(await page.locator(".tile.late dd").textContent(), "1");
  assert.equal(await page.locator("#watch-dead li").count(), 2);
  // What somebody opened stays open when the page renews itself.
  await page.locator("#watch-uploads-numbers summary").click();
  const reports = () => page.locator("#watch-reports .hint").first().textContent();
  const before = [await page.locator("#watch-at time").getAttribute("datetime"), await reports()];
  const { link } = await site.post([["text", "One more kite, which nobody expected at this hour of the day."]]);
  await report(new URL(new URL(link).pathname, site.url).href);
  await until("the page did not renew itself", 15, async () => (await reports()) !== before[1]);
  assert.notEqual(await page.locator("#watch-at time").getAttribute("datetime"), before[0]);
  assert.equal(await page.locator("#watch-uploads-numbers").getAttribute("open"), "");
  assert.equal(await page.locator("#watch").getAttribute("class"), "live");
  await look(page, "busy");
  await page.locator("#watch-dead li", { hasText: "disk I/O error" }).locator("button").click();
  await page.waitForURL("**/console/watch?told=retried");
  await until("the job was not done", 15, () => write((database) => database.prepare("SELECT count(*) AS n FROM jobs WHERE dead = 1").get().n) === 1);
});

test("an alarm arrives by mail and by webhook, once, and says nothing of what was posted", async () => {
  await until("no alarm came", 20, () => receiver.told("wave").length > 0 && receiver.told("job").length > 1 && mail.told.some((one) => one.to?.includes("ola@kites.example")));
  await sleep(6_000);
  assert.deepEqual([receiver.told("wave").length, receiver.told("job").length], [1, 2]);
  const mails = mail.told.filter((one) => one.to?.[0] === "ola@kites.example");
  const all = JSON.stringify([mails, receiver.asked]);
  for (const word of ["harbour", "children", "counted", "It is no kite"]) assert.ok(!all.includes(word), word);
  assert.ok(mails.every((one) => one.text.includes(`${site.url}/console`)), JSON.stringify(mails));
  assert.match(receiver.told("wave")[0].words, /of the bank kites/);
});

test("a test alarm is sent again to a receiver that hangs, fails or leads elsewhere", async () => {
  receiver.answers = ["hang", 500, 302];
  receiver.asked = [];
  const tested = run(program, ["alarm", "test", "--data", site.data], { env: { ...process.env, ...site.settings } }).then(({ stdout }) => ({ code: 0, stdout }), ({ code, stdout }) => ({ code, stdout }));
  await until("it was not asked", 15, () => receiver.asked.length === 1);
  for (const times of [2, 3, 4]) {
    // Ten seconds of patience with who hangs; then the pause is made short.
    await until(`it was not asked ${times} times`, 40, () => {
      write((database) => database.exec("UPDATE jobs SET run_at_ms = 0 WHERE kind = 'call_webhook' AND lease_token IS NULL"));
      return receiver.asked.length === times;
    });
  }
  const { code, stdout } = await tested;
  assert.deepEqual([code, stdout.trim().split("\n").sort()], [0, [`${new URL(receiver.url).host}: arrived`, "ola@kites.example: arrived"]]);
  assert.equal(receiver.told("test").length, 4);
  assert.equal(new Set(receiver.asked.map(({ headers }) => headers["webhook-id"])).size, 1, "each is another alarm");
});

test("nobody is at home for a night, and the site says so, keeps to what was chosen, and comes back", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console/away`);
  assert.match(await page.locator("main").innerText(), /Never: it is not set/);
  site.settings.HANDBILL__AWAY__AFTER_HOURS = String(NIGHT_S / 3600);
  site.settings.HANDBILL__AWAY__HOLD_ORDERS = "true";
  await site.kill("SIGTERM");
  await site.serve();
  await page.goto(`${site.url}/console/away`);
  await look(page, "away-before");
  assert.match(command("away", "rehearse"), /It would begin at .*\nAn operator was seen last/);
  assert.equal(JSON.parse(command("away", "rehearse", "--json")).away, null);
  // The page of the site's state stays open all night, on a shared computer. (On a slow machine there were nights before, while pictures were taken.)
  receiver.asked.length = 0;
  await page.goto(`${site.url}/console/watch`);
  await until("the site did not fall back", NIGHT_S + 15, async () => (await health()).nobody_at_home);
  assert.deepEqual((await health()).levers.map(({ lever, source, until: end }) => [lever, source, end]), [["hold_uploads", "nobody_at_home", null], ["no_links", "nobody_at_home", null]]);
  await until("the page does not say so", 10, async () => (await page.locator("#watch-verdict").innerText()).includes("Nobody is at home"));
  await until("nobody was told", 15, () => receiver.told("away").length > 0);
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  await visitor.page.goto(site.url);
  assert.match(await visitor.page.locator("main").innerText(), /Nobody who looks after this site is here right now/);
  await visitor.page.goto(`${site.url}/contact`);
  assert.match(await visitor.page.locator("main").innerText(), /Nobody who looks after this site is here right now/);
  if (pictures) await visitor.page.screenshot({ path: join(pictures, "watch-90-contact.png") });
  await visitor.leave();
  // Coming back is looking at any page of the console by hand.
  await page.goto(`${site.url}/console/away`);
  assert.match(await page.locator("main").innerText(), /You are at home/);
  assert.deepEqual([(await health()).nobody_at_home, (await health()).levers], [null, []]);
  // And a night later, under an open page, which says so by itself; the command line says that somebody is here.
  await until("the site did not fall back again", NIGHT_S + 15, async () => (await health()).nobody_at_home);
  const says = (words) => async () => (await page.locator("#watch").innerText()).includes(words);
  await until("the page does not say that nobody is at home", 12, says("I am here, come back"));
  // What has not changed since is the very same, with its key on it.
  const button = await page.locator("#away-do button").elementHandle();
  const at = await page.locator("#away-at time").getAttribute("datetime");
  await until("the page did not look again", 12, async () => (await page.locator("#away-at time").getAttribute("datetime")) !== at);
  assert.ok(await button.evaluate((one) => one.isConnected && one.querySelectorAll("kbd").length === 1), "the button was taken from under a finger");
  command("away", "here");
  await until("the site did not come back", 5, async () => !(await health()).nobody_at_home);
  await until("the page does not say that somebody is at home", 12, says("You are at home"));
  // Without an answer the page says so in words, and when there is one again it takes them back.
  await page.evaluate(() => (window.same = true));
  await site.kill("SIGTERM");
  await page.keyboard.press("i");
  await page.locator("#offline").waitFor();
  assert.ok(await page.evaluate(() => window.same), "the page was left for the browser's own");
  await site.serve();
  await page.locator("#offline").waitFor({ state: "hidden" });
  await page.keyboard.press("i");
  await page.locator("[data-told]").waitFor();
});
