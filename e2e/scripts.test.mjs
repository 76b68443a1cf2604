// No known form of script injection does anything, in any field, on any page that shows the field.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { attacks } from "./attacks.mjs";
import { Visitor, launch } from "./browser.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

let site, browser, photo;
before(async () => {
  site = await Site.start();
  photo = readFileSync(new Samples(site.home).picture("card.png", "64x48"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** What a page holds that can run, load or lead elsewhere, beside the site's own parts. */
const foreign = (known = []) => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const ours = name === "script" ? element.src.startsWith(`${location.origin}/assets/`) && !element.textContent : true;
    // The composer's own, as they stand on the page that nobody has written on.
    if (name === "template" && known.includes(element.outerHTML)) continue;
    if (!ours || ["iframe", "object", "embed", "base", "math", "style", "marquee", "template"].includes(name)) found.push(element.outerHTML);
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith("on") || attribute === "style" || attribute === "srcdoc" || attribute === "formaction") found.push(element.outerHTML);
      if (["href", "src", "action", "poster", "xlink:href"].includes(attribute) && !["http:", "https:", "mailto:", "data:"].includes(new URL(value, location.href).protocol)) found.push(element.outerHTML);
      if (attribute === "href" && value.startsWith("data:")) found.push(element.outerHTML);
      if (["src", "poster"].includes(attribute) && !value.startsWith("data:image/") && new URL(value, location.href).origin !== location.origin) found.push(element.outerHTML);
    }
    if (name === "svg" && element.querySelector("script, a, use, animate, image, foreignObject")) found.push(element.outerHTML);
  }
  return found;
};

test(`none of ${attacks.length} script injections runs, in a title, words, a caption, a description or a file's name`, async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  // The scripts' own templates, as they stand where nobody has written anything.
  await page.goto((await site.post([["text", "Nothing."]])).manage);
  const known = await page.locator("template").evaluateAll((all) => all.map((one) => one.outerHTML));
  for (const attack of attacks) {
    const fields = [["title", attack], ["text", attack], ["caption", attack], ["alt", attack]];
    // A name stands in a header, where no NUL may be.
    const name = attack.replaceAll("\0", "");
    const posted = await site.post([...fields, ["file", { name, bytes: photo }], ["file", { name: `${name}.jpg`, bytes: Buffer.from("words") }]]);
    assert.equal(posted.status, 201, `${attack}: ${posted.text}`);
    const refused = new URLSearchParams({ refused: `not_media:${attack}` });
    for (const url of [posted.link, `${posted.manage}?published&${refused}`]) {
      const answer = await page.goto(url);
      assert.equal(answer.status(), 200, `${attack}: ${url}`);
      assert.deepEqual(await page.evaluate(foreign, known), [], attack);
    }
    assert.deepEqual(visitor.troubles, [], attack);
  }
  await visitor.leave();
});

test("nor do they in the form that comes back with an error", async () => {
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  await page.goto(site.url);
  const known = await page.locator("template").evaluateAll((all) => all.map((one) => one.outerHTML));
  for (const attack of attacks) {
    await page.goto(site.url);
    // As the form itself would send it, with an end that is not understood.
    await Promise.all([
      page.waitForNavigation(),
      page.evaluate((attack) => {
        const form = document.querySelector("form[enctype]");
        form.title.value = attack.replaceAll("\n", " ");
        form.text.value = attack;
        for (const [name, value] of [["expires", "tomorrow"], ["language", attack]]) {
          form.querySelector(`[name=${name}]`)?.remove();
          form.append(Object.assign(document.createElement("textarea"), { name, value }));
        }
        form.submit();
      }, attack),
    ]);
    assert.ok(await page.locator("[role=alert]").count(), attack);
    assert.deepEqual(await page.evaluate(foreign, known), [], attack);
    assert.deepEqual(visitor.troubles, [], attack);
  }
  await visitor.leave();
});

test("the words of a post are never served as something that a browser runs", async () => {
  const { link } = await site.post([["text", "<script>alert(1)</script>"]]);
  for (const [path, type] of [["", "text/html; charset=utf-8"], [".md", "text/markdown; charset=utf-8"], [".json", "application/json"]]) {
    const answer = await fetch(link + path, { headers: { accept: "text/html" } });
    assert.equal(answer.headers.get("content-type"), type);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.match(answer.headers.get("content-security-policy"), /default-src 'self'/);
    assert.doesNotMatch(answer.headers.get("content-security-policy"), /unsafe|\*/);
  }
});
