// Every page in every state that a person can meet it in: what axe looks at, and what pictures are taken of.
import { readFileSync } from "node:fs";
import { until } from "./site.mjs";
import { publish } from "./browser.mjs";

const kites = {
  en: { title: "Kites over the old town", text: "The wind came up at four, and **everybody** ran to the hill.\n\n- bring string\n- bring water\n\n> Hold on tight.\n\nMore on [the festival](https://example.org/kites).", caption: "The red one went highest", alt: "A red kite over roofs" },
  ar: { title: "طائرات ورقية فوق المدينة القديمة", text: "هبّت الريح في الرابعة، فركض **الجميع** إلى التل.\n\n- أحضروا خيطًا\n- أحضروا ماءً\n\n> تمسّكوا جيدًا.\n\nالمزيد عن [المهرجان](https://example.org/kites).", caption: "الحمراء ارتفعت أعلى من غيرها", alt: "طائرة ورقية حمراء فوق السطوح" },
};

/**
 * Posts everything that the pages need, once for each language. Returns `pages(locale)`, a list of [name, open], where `open`
 * brings a page there; and `leave`, to be called before the site is stopped.
 */
export async function gallery(site, samples) {
  const made = {};
  for (const locale of Object.keys(kites)) {
    const { title, text, caption, alt } = kites[locale];
    const words = [["title", title], ["text", text]];
    const all = {
      photo: await site.post([["file", samples.photo()], ...words, ["caption", caption], ["alt", alt]]),
      mixed: await site.post([["file", samples.photo()], ["file", samples.film()], ["file", samples.animation()], ...words, ["caption", caption], ["expires", "7d"]]),
      told: await site.post([["file", samples.photo()], ["file", samples.film()], ["file", samples.picture("card.png")], ["title", title.repeat(6)], ["text", `# ${title}\n\n${text.replace("\n\n- ", `\n\n![${alt}](media:1)\n\n- `)}\n\n![](media:2)`], ["caption", caption]]),
      text: await site.post(words),
      untitled: await site.post([["file", samples.picture("card.png")]]),
      sensitive: await site.post([["file", samples.photo()], ...words, ["sensitive", "1"]]),
      partly: await site.post([["file", samples.photo()], ["file", samples.animation()], ...words]),
      locked: await site.post([["text", text], ["password", "kite"]]),
      refused: await site.post([["file", { name: "torn.png", bytes: readFileSync(samples.picture("card.png")).subarray(0, 3000) }], ["text", text]]),
    };
    for (const { link } of Object.values(all).filter((post) => post !== all.locked)) await site.settled(link);
    await cover(site, all.partly);
    made[locale] = all;
  }
  const long = await site.post([["file", samples.picture("card.png")], ["title", `${"Kites over the old town. ".repeat(12)}${"x".repeat(400)}`], ["text", kites.en.text.repeat(4)], ["listed", "1"]]);
  await site.settled(long.link);
  for (const { title, text } of Object.values(kites)) await site.post([["title", title], ["text", text], ["listed", "1"]]);
  // A film whose preparation is halted half-way, so that there is all the time in the world to look at that page.
  const working = await site.post([["file", samples.hevc("long.mov", 30)], ["text", kites.en.text]]);
  await until("the film's preparation did not get on", 30, async () => (await site.read(working.link)).media[0].progress > 0);
  const held = site.children().filter((child) => signal(child, "SIGSTOP"));
  if (held.length === 0) throw new Error("nothing was at work on the film");

  const pages = (locale) => {
    const { photo, mixed, told, text, untitled, sensitive, partly, locked, refused } = made[locale];
    const at = (url) => (page) => page.goto(url);
    /** The form by itself, as it is where its script does not run. */
    const composer = (deed) => async (page) => {
      await page.route("**/assets/composer.*.js", (route) => route.abort());
      await page.goto(site.url);
      await page.unroute("**/assets/composer.*.js");
      await Promise.all([page.waitForResponse((response) => response.request().method() === "POST"), deed(page)]);
      await page.waitForLoadState();
    };
    /** The composer at work, in a browser that remembers nothing of before. */
    const working_on = (deed) => async (page) => {
      await page.goto(site.url);
      await page.evaluate(() => {
        localStorage.clear();
        return new Promise((done) => {
          const request = indexedDB.deleteDatabase("handbill");
          request.onsuccess = request.onblocked = done;
        });
      });
      await page.reload();
      await page.locator("form.live").waitFor();
      await deed(page);
    };
    const choose = (page, ...chosen) => page.locator("input[type=file][name=file]").setInputFiles(chosen);
    const write = async (page) => {
      await page.locator("input[name=title]").fill(kites[locale].title);
      await page.locator("textarea[name=text]").fill(kites[locale].text);
      await page.locator("textarea[name=text]").focus();
      await page.locator(".tools").waitFor();
    };
    const out = async (page) => {
      await choose(page, samples.photo(), samples.film());
      await page.locator(".row[data-state=arrived]").nth(1).waitFor();
      await publish(page);
      await page.locator(".outcome-links").waitFor();
    };
    /** A form that only a broken program would send. */
    const broken = (action, enctype, fields) => async (page) => {
      await page.goto(site.url);
      await Promise.all([
        page.waitForNavigation(),
        page.evaluate(([action, enctype, fields]) => {
          const form = Object.assign(document.createElement("form"), { method: "post", action, enctype });
          for (const [name, value] of fields) form.append(Object.assign(document.createElement("textarea"), { name, value }));
          document.body.append(form);
          form.submit();
        }, [action, enctype, fields]),
      ]);
    };
    return [
      ["composer", at(site.url)],
      ["composer-options", async (page) => {
        await page.goto(site.url);
        await page.locator("details.options summary").click();
      }],
      ["composer-nothing", composer(publish)],
      ["composer-refused", composer(async (page) => {
        await page.locator("input[type=file][name=file]").setInputFiles(samples.words());
        await publish(page);
      })],
      ["composer-wrong-title", broken("/", "multipart/form-data", [["title", "x".repeat(1_001)], ["text", kites[locale].text]])],
      ["composer-wrong-end", broken("/", "multipart/form-data", [["expires", "tomorrow"], ["text", kites[locale].text]])],
      ["composer-files", working_on(async (page) => {
        // One arrives, one is refused, and one never gets an answer to its first part.
        await page.route("**/api/v1/uploads/*", (route) => (route.request().method() === "PATCH" && route.request().postDataBuffer()?.length > 500_000 ? undefined : route.continue()));
        await choose(page, samples.photo(), samples.film(), samples.words());
        await page.locator(".row[data-state=arrived]").waitFor();
        await page.locator(".row[data-state=failed]").waitFor();
        await page.locator(".file-words summary").first().click();
        await page.unroute("**/api/v1/uploads/*");
      })],
      ["composer-offline", working_on(async (page) => {
        await page.route("**/api/v1/**", (route) => route.abort());
        await choose(page, samples.photo());
        await write(page);
        await publish(page);
        await page.locator(".outcome-waiting").waitFor();
        await page.unroute("**/api/v1/**");
      })],
      ["composer-editor", working_on(async (page) => {
        await write(page);
        await page.locator(".look").click();
        await page.locator(".preview p").first().waitFor();
      })],
      ["composer-picture", working_on(async (page) => {
        await choose(page, samples.photo(), samples.film());
        await page.locator(".row[data-state=arrived]").nth(1).waitFor();
        await write(page);
        await page.locator(".tools [data-deed=picture]").click();
        await page.locator("dialog .choice").first().click();
        await page.locator(".look").click();
        await page.locator(".preview figure").waitFor();
        await page.locator(".tools [data-deed=picture]").click();
        await page.locator("dialog .choice").first().waitFor();
      })],
      ["composer-published", working_on(async (page) => {
        await out(page);
        await page.locator(".outcome-code summary").click();
        await page.waitForFunction(() => document.querySelector(".outcome-code canvas").height > 150 || document.querySelector(".outcome-code canvas").height < 100);
      })],
      ["composer-remembered", working_on(async (page) => {
        await out(page);
        await page.locator(".outcome-remember").check();
        await page.goto(site.url);
        await page.locator("#mine").waitFor();
      })],
      ["post-viewer", async (page) => {
        await page.goto(photo.link);
        await page.locator("a.enlarge").click();
        await page.locator(".pswp--open img.pswp__img").last().waitFor();
      }],
      ["post-photo", at(photo.link)],
      ["post-mixed", at(mixed.link)],
      ["composer-still", working_on(async (page) => {
        await choose(page, samples.picture("card.png"), samples.film());
        await page.locator(".row[data-state=arrived]").nth(1).waitFor();
        await page.locator(".file-words summary").first().click();
        await page.locator("[data-field=stillOf]").first().selectOption({ index: 1 });
      })],
      ["manage-still", async (page) => {
        const own = await site.post([["file", samples.film()]]);
        const { media: [video] } = await site.settled(own.link);
        const form = new FormData();
        form.append(`still-${video.id}`, new Blob([readFileSync(samples.picture("card.png"))]), "card.png");
        await fetch(own.manage, { method: "POST", body: form, redirect: "manual" });
        await site.settled(own.link);
        await page.goto(own.manage);
      }],
      ["post-told", at(told.link)],
      ["embed-told", at(`${told.link}/embed`)],
      ["manage-told", at(told.manage)],
      ["post-text", at(text.link)],
      ["post-untitled", at(untitled.link)],
      ["post-sensitive", at(sensitive.link)],
      ["post-sensitive-shown", at(`${sensitive.link}?show=1`)],
      ["post-medium-covered", at(partly.link)],
      ["post-medium-shown", async (page) => {
        await page.goto(`${partly.link}?show=2`);
        await page.locator(".share-embed summary").click();
      }],
      ["embed-photo", at(`${photo.link}/embed`)],
      ["embed-mixed", at(`${mixed.link}/embed`)],
      ["embed-covered", at(`${sensitive.link}/embed`)],
      ["embed-medium-covered", at(`${partly.link}/embed`)],
      ["embed-locked", at(`${locked.link}/embed`)],
      ["embed-nothing", at(`${site.url}/abcdefghjkmnp/embed`)],
      ["post-refused", at(refused.link)],
      ["post-processing", at(working.link)],
      ["manage-fresh", at(`${photo.manage}?published&refused=not_media:words.jpg&refused=too_large:film.mov`)],
      ["manage", at(mixed.manage)],
      ["manage-saved", at(`${text.manage}?saved`)],
      ["manage-adding", async (page) => {
        // An edit that is saved and whose file never gets an answer, and two more files that are not saved yet.
        const { manage } = await site.post([["file", samples.picture("card.png")], ["text", kites[locale].text]]);
        await page.goto(manage);
        await page.locator("form.live").waitFor();
        let isHeld = true;
        await page.route("**/api/v1/uploads/*", (route) => (isHeld && route.request().method() === "PATCH" ? undefined : route.continue()));
        const choose = (...chosen) => page.locator("form.edit input[type=file][name=file]").setInputFiles(chosen);
        await choose(samples.film());
        await page.locator("form.edit .row[data-state]").waitFor();
        await page.locator("form.edit button.primary").click();
        await page.locator(".arriving progress").waitFor();
        isHeld = false;
        await choose(samples.photo(), samples.words());
        await page.locator("form.edit .row[data-state=arrived]").waitFor();
        await page.locator("form.edit .row[data-state=failed]").waitFor();
      }],
      ["manage-conflict", async (page) => {
        const { manage } = await site.post([["title", kites[locale].title], ["text", kites[locale].text]]);
        await page.goto(manage);
        await page.locator("form.live").waitFor();
        await fetch(manage, { method: "POST", body: new URLSearchParams({ text: kites[locale].caption }), redirect: "manual" });
        await page.locator("form.edit input[type=file][name=file]").setInputFiles(samples.photo());
        await page.locator("form.edit button.primary").click();
        await page.locator(".trouble summary").click();
      }],
      ["manage-wrong-title", broken(new URL(photo.manage).pathname, "application/x-www-form-urlencoded", [["title", "x".repeat(1_001)]])],
      ["manage-refused", at(refused.manage)],
      ["manage-processing", at(working.manage)],
      ["newest", at(`${site.url}/newest`)],
      ["about", at(`${site.url}/about`)],
      ["policy", at(`${site.url}/policy`)],
      ["contact", at(`${site.url}/contact`)],
      ["message-404", at(`${site.url}/nothing`)],
      ["message-410", async (page) => {
        const { link, manage } = await site.post([["text", "Bye."]]);
        await fetch(`${manage}/delete`, { method: "POST" });
        await page.goto(link);
      }],
      ["message-deleted", async (page) => {
        const { manage } = await site.post([["text", "Bye."]]);
        await page.goto(manage);
        await page.locator("section.end summary").click();
        await page.locator("section.end button.danger").click();
        await page.waitForURL(/\/delete$/);
      }],
      ["message-400", broken("/", "multipart/form-data", [["colour", "red"]])],
      ["message-415", broken("/", "text/plain", [["title", "x"]])],
    ];
  };

  const leave = () => held.forEach((child) => signal(child, "SIGCONT"));
  return { pages, leave };
}

/** Covers the second of a post's media, as a program does. */
async function cover(site, { link, manage }) {
  const { media } = await site.read(link);
  const wanted = media.map(({ id }, place) => ({ id, sensitive: place === 1 }));
  const headers = { authorization: `Bearer ${manage.split("/manage/")[1]}`, "content-type": "application/json" };
  const answer = await fetch(`${site.url}/api/v1/posts${new URL(link).pathname}`, { method: "PATCH", headers, body: JSON.stringify({ media: wanted }) });
  if (!answer.ok) throw new Error(`the medium was not covered: ${answer.status} ${await answer.text()}`);
}

/** False if the process has come to its end already. */
function signal(child, name) {
  try {
    return process.kill(child, name);
  } catch {
    return false;
  }
}
