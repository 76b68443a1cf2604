// Posting, reading, managing and deleting in a real browser, with and without JavaScript, in both directions.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { Site } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const out = new URL("./out/", import.meta.url).pathname;
let site, browser;

before(async () => {
  mkdirSync(out, { recursive: true });
  site = await Site.start();
  // Without these, Chromium asks its maker's hosts at every start, which has no place in a test.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const locale of ["en", "ar"]) {
  for (const javaScriptEnabled of [true, false]) {
    test(`a photo is posted in two actions, read, and deleted for good (${locale}, JavaScript ${javaScriptEnabled ? "on" : "off"})`, async () => {
      const context = await browser.newContext({ locale, javaScriptEnabled });
      const page = await context.newPage();
      const refused = [];
      page.on("console", (message) => /Content.Security.Policy/i.test(message.text()) && refused.push(message.text()));
      await page.goto(site.url);
      assert.equal(await page.locator("html").getAttribute("dir"), locale === "ar" ? "rtl" : "ltr");

      // Two actions: choose, Publish.
      await page.locator("input[type=file]").first().setInputFiles(site.photo());
      await Promise.all([page.waitForURL(/\/manage\/.*published/), page.locator("form[enctype='multipart/form-data'] [type=submit]").first().click()]);
      const manage = page.url().split("?")[0];
      const link = manage.split("/manage/")[0];

      const { media } = await site.settled(link);
      assert.equal(media[0].state, "ready");
      await page.goto(link);
      assert.ok(await page.locator("main img").count());
      const download = join(site.home, "download.jpg");
      writeFileSync(download, Buffer.from(await (await fetch(new URL(media[0].original.url, site.url))).arrayBuffer()));
      assert.doesNotMatch(execFileSync("exiftool", ["-a", "-G1", download], { encoding: "utf8" }), /GPS|Kite|2026:01:02/);

      await page.goto(manage);
      assert.equal((await fetch(`${manage}/delete`, { method: "POST", headers: { origin: site.url } })).ok, true);
      assert.equal((await fetch(link)).status, 410);
      assert.deepEqual(refused, []);
      await context.close();
    });
  }

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing, and every page has its picture taken (${locale}, ${colorScheme})`, async () => {
      const answer = await fetch(site.url, { method: "POST", body: form(site.photo()) }).then((response) => response.text());
      const [link, manage] = answer.split("\n");
      await site.settled(link);
      for (const width of [360, 1280]) {
        // The site's own policy refuses injected scripts; axe is ours, so here the policy steps aside.
        const context = await browser.newContext({ locale, colorScheme, bypassCSP: true, viewport: { width, height: 800 } });
        const page = await context.newPage();
        for (const [name, url] of Object.entries({ composer: site.url, post: link, manage, about: `${site.url}/about`, missing: `${site.url}/nothing` })) {
          await page.goto(url);
          await page.screenshot({ path: `${out}${name}-${locale}-${width}-${colorScheme}.png`, fullPage: true });
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run());
          assert.deepEqual(violations.map((one) => `${name}: ${one.id}: ${one.nodes[0].html}`), []);
        }
        await context.close();
      }
    });
  }
}

function form(path) {
  const body = new FormData();
  body.append("title", "Kites");
  body.append("text", "Words with *weight*.");
  body.append("file", new Blob([readFileSync(path)]), "photo.jpg");
  return body;
}
