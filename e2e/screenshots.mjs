// Takes a picture of every page in every state: `cargo xtask screenshots`, then look at e2e/out.
import { mkdirSync, rmSync } from "node:fs";
import { launch } from "./browser.mjs";
import { gallery } from "./gallery.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

const out = new URL("./out/", import.meta.url).pathname;
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const site = await Site.start({ settings: { SITE__NEWEST: true } });
const browser = await launch();
const shown = await gallery(site, new Samples(site.home));
let taken = 0;
try {
  for (const locale of ["en", "ar"]) {
    for (const width of [360, 1280]) {
      for (const colorScheme of ["light", "dark"]) {
        const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 800 } });
        const page = await context.newPage();
        for (const [name, open] of shown.pages(locale)) {
          await open(page);
          await page.waitForLoadState("networkidle");
          await page.screenshot({ path: `${out}${name}-${locale}-${width}-${colorScheme}.png`, fullPage: true });
          taken += 1;
        }
        await context.close();
      }
    }
  }
} finally {
  shown.leave();
  await browser.close();
  await site.stop();
}
console.log(`${taken} pictures in ${out}`);
