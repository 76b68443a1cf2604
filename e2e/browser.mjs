// Debian's Chromium as a visitor's browser, and what must be true of every page that it opens.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { until } from "./site.mjs";

/** `more` are arguments for Chromium. */
export function launch(more = []) {
  // Without these, Chromium asks its maker's hosts at every start, which has no place in a test.
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...more];
  return chromium.launch({ executablePath: "/usr/bin/chromium", args });
}

/**
 * One person's browser. It takes down whatever no page of ours may do: ask another host, complain in the console, break the
 * content security policy, run a stranger's script or open a dialog. `leave` fails with all of it.
 */
export class Visitor {
  static async arrive(browser, site, options = {}) {
    const visitor = new Visitor();
    visitor.site = site;
    visitor.troubles = [];
    visitor.asked = [];
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const { context, troubles } = visitor;
    await context.exposeBinding("tellTrouble", (_, words) => troubles.push(words));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => window.tellTrouble(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
      for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => window.tellTrouble(`a script ran: ${name}`);
    });
    context.on("request", (request) => {
      visitor.asked.push(request);
      const { protocol, origin } = new URL(request.url());
      if (!["data:", "blob:"].includes(protocol) && origin !== site.url) troubles.push(`asked ${request.url()}`);
    });
    context.on("weberror", (error) => troubles.push(`script error: ${error.error()}`));
    visitor.warnings = 0;
    context.on("dialog", (dialog) => {
      // Asked whether to leave while files are on their way: yes.
      if (dialog.type() === "beforeunload") {
        visitor.warnings += 1;
        return dialog.accept();
      }
      troubles.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    context.on("console", (message) => {
      // The browser writes down each answer that is not a success; the tests that ask for such answers look at them themselves.
      const expected = /Failed to load resource: the server responded with a status of (400|404|410|413|415|429|503)/.test(message.text())
        && (message.location().url === message.page()?.url() || message.location().url.startsWith(`${site.url}/api/v1/`) || /\/manage\/\w+\/appeal$/.test(message.location().url));
      if (["error", "warning"].includes(message.type()) && !expected) troubles.push(`console: ${message.text()} ${message.location().url}`);
    });
    visitor.page = await context.newPage();
    visitor.actions = 0;
    return visitor;
  }

  /** Something that a person does: it counts. */
  async act(deed) {
    this.actions += 1;
    return deed(this.page);
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.troubles, []);
  }
}

/** The two links that a fresh post is answered with: by the composer's script, or by the manage page where there is none. */
export async function published(page) {
  await page.locator("section.links input.link, .outcome-links input.outcome-link").first().waitFor();
  const [link, manage] = await page.locator("input.link").evaluateAll((inputs) => inputs.map((input) => input.value));
  return { manage, link };
}

/** Where files are picked. */
export const files = (page) => page.locator("input[type=file][name=file]");

/** Waits until so many files have arrived. */
export const arrived = (page, count) =>
  until("the files did not arrive", 60, async () => (await page.locator(".row[data-state=arrived]").count()) === count);

export const publish = (page) => page.locator("form[enctype='multipart/form-data'] button.primary").click();

/** The sides from which the short paragraphs in `where` begin, as they are seen. */
export const sides = (where) =>
  where.evaluateAll((all) =>
    all.map((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      const [words, place] = [range.getBoundingClientRect(), one.getBoundingClientRect()];
      return words.left - place.left < place.right - words.right ? "left" : "right";
    }),
  );

/** A line of so many bytes a second, up. */
export async function slow(page, bytes) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: bytes });
}
