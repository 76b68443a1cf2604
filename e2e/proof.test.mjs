// Proofs of work: other people's solvers solve what we ask, a browser solves it by itself, and at its dearest it does not take long on a slow telephone.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createChallenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { Visitor, launch, publish, published } from "./browser.mjs";
import { enrol } from "./moderator.mjs";
import { Site } from "./site.mjs";

const pictures = process.env.HANDBILL_PICTURES;
const settings = { FAIR_USE__POSTS_PER_HOUR: 1, FAIR_USE__TIMES_IPV4_ADDRESS: 1, FAIR_USE__TIMES_IPV4_24: 50, SERVER__TRUSTED_PROXIES: "127.0.0.1" };
let site, browser;
before(async () => {
  site = await Site.start({ settings });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Posts words as somebody at this address. */
async function post(from, altcha) {
  const headers = { "content-type": "application/json", "x-forwarded-for": from, ...(altcha ? { altcha } : {}) };
  const answer = await fetch(`${site.url}/api/v1/posts`, { method: "POST", headers, body: JSON.stringify({ text: "A kite over the bay" }) });
  return { status: answer.status, told: await answer.json() };
}

/** What somebody at this address is asked who wants more. */
async function asked(from) {
  await post(from);
  const { status, told } = await post(from, "ask");
  assert.deepEqual([status, told.type], [429, "/problems/proof-of-work"]);
  return told.challenge;
}

test("altcha-lib, by those who made the format, solves what we ask", async () => {
  const challenge = await asked("192.0.2.1");
  const solution = await solveChallenge({ challenge, deriveKey });
  assert.ok(solution, "it found nothing");
  const payload = Buffer.from(JSON.stringify({ challenge, solution })).toString("base64");
  assert.equal((await post("192.0.2.1", payload)).status, 201);
  const again = await post("192.0.2.1", payload);
  assert.deepEqual([again.status, again.told.detail], [429, "the proof was used before"]);
  // And what it makes itself has the fields that ours has.
  const own = await createChallenge({ algorithm: "PBKDF2/SHA-256", cost: 10, counter: 3, deriveKey, expiresAt: new Date(Date.now() + 60_000), hmacSignatureSecret: "kite", hmacKeySignatureSecret: "string", data: { for: "post", most: 4 } });
  assert.deepEqual(Object.keys(own.parameters).sort(), Object.keys(challenge.parameters).sort());
});

test("altcha for Python solves it too", async () => {
  const challenge = await asked("192.0.2.2");
  const { stdout, stderr, status } = spawnSync("python3", [new URL("altcha_client.py", import.meta.url).pathname], { input: JSON.stringify(challenge), encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal((await post("192.0.2.2", stdout.trim())).status, 201);
});

/** Writes words into the composer and publishes them. */
async function write(page, words) {
  await page.goto(site.url);
  await page.locator("form.live").waitFor();
  await page.locator("textarea[name=text]").fill(words);
  await publish(page);
}

for (const locale of ["en", "ar"]) {
  test(`a browser pays by itself, tells how far it is, and can be stopped (${locale})`, async () => {
    const from = locale === "en" ? "192.0.2.11" : "192.0.2.12";
    const visitor = await Visitor.arrive(browser, site, { locale, extraHTTPHeaders: { "x-forwarded-for": from } });
    const { page } = visitor;
    // A worker that is held up shows what is on the page meanwhile.
    await page.addInitScript(() => {
      const Own = Worker;
      window.Worker = class extends Own {
        postMessage(...all) {
          if (window.letGo) super.postMessage(...all);
        }
      };
    });
    await write(page, "The first kite");
    await published(page);
    await write(page, "The second kite");
    const proving = page.locator(".outcome-proving:visible");
    await proving.waitFor();
    assert.equal(await proving.locator("progress").getAttribute("max"), "1");
    if (pictures) {
      for (const [width, colorScheme] of [[360, "light"], [1280, "dark"]]) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(pictures, `proving-${locale}-${width}-${colorScheme}.png`) });
      }
    }
    await proving.locator(".outcome-back").click();
    await page.locator("form.live").waitFor();
    assert.equal(await page.locator("textarea[name=text]").inputValue(), "The second kite", "the words are there again");
    await page.evaluate(() => (window.letGo = true));
    await publish(page);
    const { link } = await published(page);
    assert.equal((await site.read(link)).state, "live", "who has paid waits for nothing");
    assert.equal(await page.locator(".outcome-later").isVisible(), false);
    await visitor.leave();
  });
}

test("without JavaScript it is taken, and its manage page says when others see it", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en", javaScriptEnabled: false, extraHTTPHeaders: { "x-forwarded-for": "192.0.2.21" } });
  const { page } = visitor;
  for (const [words, waits] of [["The first kite", 0], ["The second kite", 1]]) {
    await page.goto(site.url);
    await page.locator("textarea[name=text]").fill(words);
    await page.locator("button[type=submit].primary").click();
    await page.locator(".links").waitFor();
    assert.equal(await page.getByText("Nobody but you sees this post until").count(), waits, words);
  }
  if (pictures) await page.screenshot({ path: join(pictures, "slow-lane.png") });
  await visitor.leave();
});

test("the dearest proof takes less than three seconds on this machine's one core, four times slowed down", async () => {
  const challenge = await asked("192.0.2.31");
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  // As many derivations as a challenge may ever take, of which none fits before the last.
  const ms = await page.evaluate(async ({ parameters }) => {
    const [most, hex] = [800, (all) => Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("")];
    const bytes = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
    const password = new Uint8Array(20);
    password.set(bytes(parameters.nonce));
    new DataView(password.buffer).setUint32(16, most - 1);
    const material = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const key = new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost }, material, 256));
    const worker = new Worker(document.querySelector("#words").dataset.solver, { type: "module" });
    const begun = performance.now();
    return new Promise((done) => {
      worker.onmessage = ({ data }) => data.solution && done(data.solution.counter === most - 1 ? performance.now() - begun : NaN);
      worker.postMessage({ parameters: { ...parameters, keyPrefix: hex(key.slice(0, 16)) } });
    });
  }, challenge);
  console.log(`the dearest proof, four times slowed down: ${Math.round(ms)} ms`);
  assert.ok(ms < 3_000, `${ms} ms`);
  await context.close();
});

test("whoever reports and complains beyond their share pays by itself in a browser, once, and finds the form as it was on the way back", { timeout: 300_000 }, async () => {
  const own = await Site.start({ settings: { FAIR_USE__NOTICES_PER_HOUR: 1, FAIR_USE__APPEALS_PER_HOUR: 1, FAIR_USE__TIMES_IPV4_ADDRESS: 1, FAIR_USE__TIMES_IPV4_24: 50, SERVER__TRUSTED_PROXIES: "127.0.0.1" } });
  own.url = `http://localhost:${own.port}`;
  const here = (link) => `${own.url}${new URL(link).pathname}`;
  const posts = [await own.post([["text", "Amber kites over the harbour, early in the morning."]]), await own.post([["text", "Walnut tables, silver spoons, and rain on the ferry."]])];
  const visitor = await Visitor.arrive(browser, own, { locale: "en", extraHTTPHeaders: { "x-forwarded-for": "192.0.2.41" } });
  const { page } = visitor;
  // A worker that is held up shows what is on the page meanwhile.
  await page.addInitScript(() => {
    const Own = Worker;
    window.Worker = class extends Own {
      postMessage(...all) {
        const go = () => (window.letGo ? super.postMessage(...all) : setTimeout(go, 20));
        go();
      }
    };
  });
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(`${request.resourceType()} ${(request.headers().altcha ?? "").replace(/^ey.*/, "proof")}`));
  const fill = async (post, words) => {
    await page.goto(`${here(post.link)}/report`);
    await page.locator("[name=category]").first().check();
    await page.locator("[name=explanation]").fill(words);
    await page.locator("[name=good_faith]").check();
  };
  const send = () => page.locator("form.report button").click();
  await fill(posts[0], "It is mine.");
  await send();
  await page.waitForURL(/\/notices\/.*filed=1/);
  assert.deepEqual(sent.splice(0), ["fetch ask"], "within their share nothing is asked for");
  await fill(posts[1], "It is mine, too.");
  await send();
  await page.locator(".paying progress:visible").waitFor();
  assert.match(await page.locator(".paying [role=status]").innerText(), /small task/);
  await send();
  await page.locator("[name=explanation]").press("Control+Enter");
  await page.evaluate(() => (window.letGo = true));
  await page.waitForURL(/\/notices\/.*filed=1/);
  assert.deepEqual(sent.splice(0), ["fetch ask", "fetch proof"]);
  await page.goBack();
  assert.equal(await page.locator("form.report[aria-busy=true]").count(), 0);
  // What is wrong with it is told by the site's own page.
  await fill(posts[0], "   ");
  await send();
  await page.locator("#error").waitFor();
  assert.deepEqual(sent.splice(0), ["fetch ask", "document "]);
  // Both are removed, and their poster says twice that this is wrong.
  const operator = await Visitor.arrive(browser, own, { locale: "en" });
  await enrol(operator.page, own.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/)[0]);
  for (const post of posts) {
    await operator.page.goto(`${own.url}/console/next`);
    await operator.page.waitForFunction(() => document.documentElement.classList.contains("desk"));
    await operator.page.keyboard.press("r");
    await operator.page.keyboard.press("Enter");
    await operator.page.waitForURL(/decided=/);
  }
  for (const [post, ways] of [[posts[0], ["fetch ask"]], [posts[1], ["fetch ask", "fetch proof"]]]) {
    await page.goto(here(post.manage));
    await page.evaluate(() => (window.letGo = true));
    await page.locator("form[action$='/appeal'] textarea").fill("It was a kite.");
    await page.locator("form[action$='/appeal'] button").click();
    await page.waitForURL(/appealed=1/);
    assert.deepEqual(sent.splice(0), ways);
    assert.match(await page.locator("main").innerText(), /It was a kite/);
  }
  await visitor.leave();
  await operator.leave();
  await own.stop();
});
