// The console's door in a browser: enrolling and signing in without a script by a password and codes of an app of our own (RFC 6238), with
// a passkey by Chromium's virtual authenticator, who is let through; and axe on every page. HANDBILL_PICTURES=DIR takes pictures.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Visitor, launch } from "./browser.mjs";
import { authenticator, code, enrol, field, password } from "./moderator.mjs";
import { Site } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const program = process.env.HANDBILL_BIN ?? new URL("../target/debug/handbill", import.meta.url).pathname;
const pictures = process.env.HANDBILL_PICTURES;
let site, browser;
before(async () => {
  site = await Site.start();
  // Passkeys refuse a bare address.
  site.url = `http://localhost:${site.port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const moderator = (...words) => execFileSync(program, ["moderator", ...words, "--data", site.data], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
/** The link of this command, at the address where the site listens. */
const link = (...words) => new URL(new URL(moderator(...words)).pathname, site.url).href;

async function signIn(page, name, digits) {
  await field(page, "name").fill(name);
  await field(page, "password").fill(password);
  await field(page, "code").fill(digits);
  await page.locator("form[action='/console/sign-in'] button.primary").click();
}

let operatorsKey;

test("the first start prints one link, and whoever opens it is the operator, without a script", async () => {
  const links = site.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/g);
  assert.equal(links?.length, 1, site.told());
  await site.kill("SIGTERM");
  await site.serve();
  assert.equal(site.told().match(/\/console\/enrol\//g).length, 1, "the link that waits is not printed again");
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false, locale: "en" });
  const { page } = visitor;
  await page.goto(links[0]);
  assert.equal(await page.locator(".passkey").count(), 0);
  const { width, height } = await page.locator(".qr").boundingBox();
  assert.ok(width > 150 && height > 150);
  operatorsKey = await enrol(page, links[0]);
  const cookies = (await visitor.context.cookies()).filter(({ name }) => name === "console");
  assert.deepEqual(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite]), [[true, "Strict"]]);
  await page.goto(`${site.url}/console/audit`);
  assert.match(await page.locator("table").innerText(), /Enrolled/);
  await page.locator(".console-nav form button").click();
  await page.waitForURL(`${site.url}/console/sign-in`);
  await page.goto(`${site.url}/console/audit`);
  assert.equal(new URL(page.url()).pathname, "/console/sign-in");
  // The code that enrolled is used; the one after it is good already, and leads to where they wanted to go.
  await signIn(page, "OPERATOR", code(operatorsKey, Math.floor(Date.now() / 30_000) + 1));
  await page.waitForURL(`${site.url}/console/audit`);
  assert.match(await page.locator("table").innerText(), /Signed in/);
  await visitor.leave();
});

test("a link is used once, and a code is", async () => {
  const address = link("add", "Once");
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "en" });
  const page = await context.newPage();
  const key = await enrol(page, address);
  assert.equal((await page.goto(address)).status(), 404);
  await context.clearCookies();
  await page.goto(`${site.url}/console/sign-in`);
  const digits = code(key, Math.floor(Date.now() / 30_000) + 1);
  await signIn(page, "Once", digits);
  await page.waitForURL(`${site.url}/console`);
  await context.clearCookies();
  await page.goto(`${site.url}/console/sign-in`);
  await signIn(page, "Once", digits);
  await page.locator(".trouble").waitFor();
  assert.equal(await field(page, "password").inputValue(), "", "a password is not sent back");
  await context.close();
});

test("a passkey enrols and signs in, until a new link takes it away", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  const { wire, authenticatorId } = await authenticator(page);
  await page.goto(link("add", "Salma", "--role", "operator"));
  await page.locator(".passkey button").click();
  await page.waitForURL(`${site.url}/console`);
  const { credentials } = await wire.send("WebAuthn.getCredentials", { authenticatorId });
  assert.deepEqual(credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]), [["localhost", true]]);
  for (const path of ["/console", "/console/people"]) {
    await page.goto(`${site.url}${path}`);
    await page.locator(".console-nav form button").click();
    await page.goto(`${site.url}${path}`);
    await page.locator(".passkey button").click();
    await page.waitForURL(`${site.url}${path}`);
  }
  assert.match(await page.locator(".people").innerText(), /Salma[\s\S]*Signs in with a passkey/);
  assert.match(moderator("list"), /Salma\toperator\tenrolled\tpasskey/);
  // A new link that is used takes the passkey away.
  const again = await browser.newContext({ locale: "en" });
  await enrol(await again.newPage(), link("link", "Salma"));
  await again.close();
  await page.goto(`${site.url}/console`);
  assert.equal(new URL(page.url()).pathname, "/console/sign-in", "the session has ended");
  visitor.troubles.length = 0;
  await page.locator(".passkey button").click();
  await page.locator(".passkey .trouble:not([hidden])").waitFor();
  // The browser writes down that the answer was no.
  visitor.troubles.splice(0, visitor.troubles.length, ...visitor.troubles.filter((words) => !/status of 403/.test(words)));
  await visitor.leave();
});

test("an operator adds somebody, who is a moderator and is out the moment that they are shut out", async () => {
  const operator = await Visitor.arrive(browser, site, { locale: "en" });
  await enrol(operator.page, link("add", "Boss", "--role", "operator"));
  await operator.page.goto(`${site.url}/console/people`);
  await field(operator.page, "name").fill("Max");
  await operator.page.locator("form.add button.primary").click();
  const address = await operator.page.locator("input.link").inputValue();
  const max = await browser.newContext({ locale: "en" });
  const page = await max.newPage();
  await enrol(page, address);
  assert.equal(await page.locator(".console-nav a").count(), 5);
  assert.equal((await page.goto(`${site.url}/console/people`)).status(), 403);
  const mine = operator.page.locator(".people > li", { hasText: "Max" });
  await operator.page.goto(`${site.url}/console/people`);
  await mine.locator(".stern").click();
  await operator.page.locator(".people .out", { hasText: "Max" }).waitFor();
  await page.goto(`${site.url}/console`);
  assert.equal(new URL(page.url()).pathname, "/console/sign-in");
  await max.close();
  await operator.leave();
});

for (const locale of ["en", "ar"]) {
  test(`axe finds nothing on the console's pages, and none is wider than its screen (${locale})`, async () => {
    const waiting = link("add", `Waiting ${locale}`);
    const context = await browser.newContext({ locale, bypassCSP: true });
    const page = await context.newPage();
    await enrol(page, link("add", locale === "ar" ? "سلمى منصور" : "Ola Nowak", "--role", "operator"));
    const stranger = await (await browser.newContext({ locale, bypassCSP: true })).newPage();
    const found = [];
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [360, 1280]) {
        const look = async (on, name) => {
          await on.evaluate(axe);
          const { violations, passes } = await on.evaluate(() => window.axe.run());
          assert.ok(passes.length > 10, `axe looked at nothing on ${name}`);
          found.push(...violations.flatMap((one) => one.nodes.map((node) => `${name}: ${one.id}: ${node.html.slice(0, 160)}`)));
          const over = await on.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) found.push(`${name} at ${width}: ${over} px wider than the screen`);
          if (pictures) await on.screenshot({ path: join(pictures, `${name}-${locale}-${width}-${colorScheme}.png`), fullPage: true });
        };
        for (const on of [page, stranger]) {
          await on.setViewportSize({ width, height: 800 });
          await on.emulateMedia({ colorScheme });
        }
        await stranger.goto(`${site.url}/console/sign-in`);
        await look(stranger, "sign-in");
        await stranger.goto(waiting);
        await look(stranger, "enrol");
        await field(stranger, "password").fill("twelve characters");
        await field(stranger, "code").fill("000");
        await stranger.locator("form[action*=enrol] button.primary").click();
        await stranger.locator("main .trouble").first().waitFor();
        await look(stranger, "enrol-refused");
        for (const path of ["", "/me", "/decisions", "/appeals", "/people", "/audit"]) {
          await page.goto(`${site.url}/console${path}`);
          await look(page, path.slice(1) || "queue");
        }
        await page.goto(`${site.url}/console/people`);
        await field(page, "name").fill(`New ${locale} ${colorScheme} ${width}`);
        await page.locator("form.add button.primary").click();
        await page.locator("input.link").waitFor();
        await look(page, "people-link");
      }
    }
    await stranger.context().close();
    await context.close();
    assert.deepEqual(found, []);
  });
}
