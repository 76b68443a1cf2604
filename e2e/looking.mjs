// Looks at a page as everybody may have it, in both directions: axe, its width, and a picture.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.HANDBILL_PICTURES;
const TWO = [[360, "dark"], [1280, "light"]];
/** Every size in every colour. */
export const FOUR = [[360, "dark"], [360, "light"], [1280, "light"], [1280, "dark"]];

/** Looks for a journey, whose pictures are called after it. It is the page's own session, so nothing is done meanwhile. */
export function looking(journey, ways = TWO) {
  let shot = 0;
  return async (page, name, prepare) => {
    const { origin } = new URL(page.url());
    const here = await page.context().browser().newContext({ bypassCSP: true, storageState: await page.context().storageState() });
    const seen = await here.newPage();
    const found = [];
    for (const lang of ["en", "ar"]) {
      await here.addCookies([{ name: "lang", value: lang, url: origin }]);
      for (const [width, colorScheme] of ways) {
        await seen.setViewportSize({ width, height: 900 });
        await seen.emulateMedia({ colorScheme });
        await seen.goto(page.url());
        await prepare?.(seen);
        await seen.evaluate(axe);
        const { violations } = await seen.evaluate(() => window.axe.run());
        found.push(...violations.flatMap((one) => one.nodes.map((node) => `${name} ${lang} ${colorScheme}: ${one.id}: ${node.html.slice(0, 160)}`)));
        const over = await seen.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (over > 0) found.push(`${name} ${lang} at ${width}: ${over} px wider than the screen`);
        if (pictures) await seen.screenshot({ path: join(pictures, `${journey}-${String(shot).padStart(2, "0")}-${name}-${lang}-${width}-${colorScheme}.png`), fullPage: !prepare });
      }
    }
    shot += 1;
    await here.close();
    assert.deepEqual(found, []);
  };
}
