// axe finds nothing, on any page, in any state, in both directions and both themes; and no page is wider than its screen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { gallery } from "./gallery.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let site, browser, shown;
before(async () => {
  site = await Site.start({ settings: { SITE__NEWEST: true } });
  browser = await launch();
  shown = await gallery(site, new Samples(site.home));
});
after(async () => {
  shown?.leave();
  await browser?.close();
  await site?.stop();
});

for (const locale of ["en", "ar"]) {
  // Each theme at one width: colours do not depend on it, and layout does not depend on the theme.
  for (const [colorScheme, width] of [["light", 360], ["dark", 1280]]) {
    test(`axe finds nothing (${locale}, ${colorScheme}, ${width} px)`, async () => {
      // The site's own policy refuses injected scripts; axe is ours, so here the policy steps aside.
      const context = await browser.newContext({ locale, colorScheme, bypassCSP: true, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const found = [];
      for (const [name, open] of shown.pages(locale)) {
        await open(page);
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate(() => window.axe.run());
        assert.ok(passes.length > 10, `axe looked at nothing on ${name}`);
        found.push(...violations.flatMap((one) => one.nodes.map((node) => `${name}: ${one.id}: ${node.html.slice(0, 160)}`)));
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) found.push(`${name}: ${over} px wider than the screen`);
        const card = await page.evaluate(() => Math.max(0, ...[...document.querySelectorAll(".newest > li")].map((one) => one.offsetHeight)));
        if (card > 620) found.push(`${name}: a post of the list is ${card} px high`);
      }
      await context.close();
      assert.deepEqual(found, []);
    });
  }
}
