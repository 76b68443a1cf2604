// Debian's Firefox as a visitor's browser, over WebDriver BiDi.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

/** `locale` is the visitor's language; `preferences` are set as in about:config. */
export function launch(locale = "en", preferences = {}) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: {
      "intl.accept_languages": locale,
      // As on most devices, so that what moves need not be waited for.
      "ui.prefersReducedMotion": 1,
      // Nothing that Firefox asks its maker for by itself has a place in a test.
      "app.normandy.enabled": false,
      "app.update.enabled": false,
      "datareporting.healthreport.uploadEnabled": false,
      "datareporting.policy.dataSubmissionEnabled": false,
      "toolkit.telemetry.enabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      "extensions.getAddons.cache.enabled": false,
      "browser.region.network.url": "",
      "services.settings.server": "",
      ...preferences,
    },
  });
}

/** One person's page. `leave` fails with everything that no page of ours may do: complain, or ask another host. */
export class Visitor {
  static async arrive(browser, url) {
    const visitor = new Visitor();
    visitor.troubles = [];
    visitor.context = await browser.createBrowserContext();
    const page = (visitor.page = await visitor.context.newPage());
    await page.setViewport({ width: 1280, height: 900 });
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => visitor.troubles.push(`script error: ${error.message}`));
    page.on("console", (message) => ["error", "warn"].includes(message.type()) && visitor.troubles.push(`console: ${message.text()}`));
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (/^https?:$/.test(protocol) && origin !== new URL(url).origin) visitor.troubles.push(`asked ${request.url()}`);
    });
    page.on("dialog", (dialog) => (dialog.type() === "beforeunload" ? dialog.accept() : visitor.troubles.push(`dialog: ${dialog.message()}`)));
    await page.goto(url);
    return visitor;
  }

  value = (selector) => this.page.$eval(selector, (input) => input.value);
  text = (selector) => this.page.$eval(selector, (element) => element.innerText.trim());

  async write(selector, words) {
    await this.page.$eval(selector, (input) => {
      input.focus();
      input.value = "";
    });
    await this.page.type(selector, words);
  }

  async choose(selector, ...files) {
    await (await this.page.$(selector)).uploadFile(...files);
  }

  /** By the keyboard: the driver's click asks a script of the page where to click. */
  async press(selector) {
    await this.page.$eval(selector, (element) => element.focus());
    await this.page.keyboard.press("Enter");
  }

  /** Presses what leads to another page, and waits for that. */
  async follow(selector) {
    await Promise.all([this.page.waitForNavigation(), this.press(selector)]);
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.troubles, []);
  }
}
