// From an order to its reply: the operator registers an authority in the console; a program that others wrote signs a removal order with one hour, as docs/api.md says it; the operator
// decides, and what was removed in silence tells nothing; the authority reads Annex II on the portal. A trusted flagger files on the portal and as a list, by OpenSSL and curl.
// HANDBILL_PICTURES=DIR takes pictures of every page, in both directions, sizes and colours.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Visitor, launch } from "./browser.mjs";
import { looking } from "./looking.mjs";
import { authenticator, code, enrol, field, password } from "./moderator.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

const pictures = process.env.HANDBILL_PICTURES;
const look = looking("orders");
const run = promisify(execFile);
const manual = readFileSync(new URL("../docs/api.md", import.meta.url), "utf8");
/** A piece of code of the manual, the first that says `words`. */
const example = (language, words) => manual.split("```" + language + "\n").slice(1).map((rest) => rest.split("\n```")[0]).find((code) => code.includes(words));

let site, browser, operator, inspector, flagger, photo, words, sold;

before(async () => {
  site = await Site.start({ settings: { SITE__COUNTRY: "DE", SITE__CONTACT: "ola@kites.example" } });
  site.url = `http://localhost:${site.port}`;
  browser = await launch();
  const samples = new Samples(site.home);
  const posted = async (...fields) => {
    const post = await site.post(fields);
    await site.settled(post.link);
    return post;
  };
  photo = await posted(["file", samples.photo("kite.jpg")], ["title", "Forbidden kite"], ["text", "It flies over the harbour, and everybody looks up."]);
  words = await posted(["text", "A forbidden kite is praised in so many words that nobody can count them."]);
  sold = await posted(["text", "Stolen tickets for the kite festival are sold here, cheap."]);
  execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", join(site.home, "kites.pem")]);
  operator = await Visitor.arrive(browser, site, { locale: "en" });
  await enrol(operator.page, site.told().match(/http:\/\/localhost:\d+\/console\/enrol\/[a-z2-9]+/)[0]);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Enrols somebody of a party, who is led to the portal. */
async function joinIn(page, address) {
  await page.goto(address);
  const key = await page.locator(".secret-key").textContent();
  await field(page, "password").fill(password);
  await field(page, "code").fill(code(key));
  await page.locator("form[action*=enrol] button.primary").click();
  await page.waitForURL(`${site.url}/portal`);
}

/** Registers a party in the console, with somebody who files for it. */
async function registered(name, kind, person) {
  const { page } = operator;
  await page.goto(`${site.url}/console/parties`);
  await page.locator("form.add [name=name]").fill(name);
  await page.locator("form.add [name=kind]").selectOption(kind);
  await page.locator("form.add [name=contact]").fill("desk@kites.example");
  await page.locator("form.add [name=jurisdiction]").fill("pl");
  await page.locator("form.add [name=languages]").fill("en");
  await page.locator("form.add [name=checked_by]").selectOption("call_back");
  await page.locator("form.add [name=checked_who]").fill("Ola");
  await page.locator("form.add button.primary").click();
  await page.waitForURL(/\/console\/parties\/[a-z2-9]+$/);
  await page.locator("form[action$='/people'] [name=name]").fill(person);
  await page.locator("form[action$='/people'] button").click();
  const link = await page.locator("input.link").inputValue();
  await page.goto(page.url().replace(/\/people$/, ""));
  const visitor = await Visitor.arrive(browser, site, { javaScriptEnabled: false, locale: "en" });
  await joinIn(visitor.page, link);
  return visitor;
}

test("the operator registers an authority, makes sure who it is, and gives it a key", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console/parties`);
  await look(page, "parties-none");
  inspector = await registered("Kite Police", "authority", "Inspector");
  const pem = execFileSync("openssl", ["pkey", "-in", join(site.home, "kites.pem"), "-pubout"]).toString();
  await page.locator("form[action$='/keys'] [name=key]").fill("kites-1");
  await page.locator("form[action$='/keys'] [name=public]").fill(pem);
  await page.locator("form[action$='/keys'] button").click();
  await page.locator("code.code").waitFor();
  await look(page, "party");
  await look(inspector.page, "portal-empty");
});

let reply;

test("a program that others wrote signs a removal order, as the manual says it", async () => {
  writeFileSync(join(site.home, "order.py"), example("python", "http_message_signatures"));
  const { stdout } = await run("python3", ["order.py", site.url, photo.link], { cwd: site.home, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
  const [, status, answer] = stdout.match(/^(\d+) (.*)$/m);
  assert.equal(status, "201", stdout);
  const taken = JSON.parse(answer);
  assert.deepEqual([taken.faults, taken.subjects[0].state], [[], "taken"]);
  const left = Date.parse(taken.due) - Date.now();
  assert.ok(left > 3_500_000 && left <= 3_600_000, taken.due);
  reply = taken.status_url;
  const anybody = await Visitor.arrive(browser, site, { javaScriptEnabled: false, locale: "en" });
  await anybody.page.goto(reply);
  assert.match(await anybody.page.locator("main").innerText(), /Acknowledgement of receipt[^]*KP-17\/2026/);
  await look(anybody.page, "receipt");
  await anybody.leave();
});

test("the operator sees the hour, and removes it; nobody else is told a word", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console`);
  assert.match(await page.locator(".queue").innerText(), /Removal order/);
  await look(page, "queue");
  await page.goto(`${site.url}/console/filings`);
  await look(page, "filings");
  await page.locator(".filing.waits a").first().click();
  await look(page, "filing");
  await page.locator(".named a").first().click();
  assert.match(await page.locator(".notice").first().innerText(), /Kite Police[^]*poster must not be told/);
  await look(page, "case");
  await page.locator("[name=action][value=remove]").check();
  await page.locator("[name=law]").fill("Regulation (EU) 2021/784, Article 3");
  await page.locator("[name=facts]").fill("It incites.");
  await page.locator("form[action$='/decide'] button.primary").click();
  await page.locator(".toast").waitFor();
  for (const path of ["", ".json", ".md", "/embed", "/report"]) {
    const answer = await fetch(photo.link + path, { headers: { accept: path ? "*/*" : "text/html" } });
    assert.equal(answer.status, 410, path);
    assert.doesNotMatch(await answer.text(), /2021\/784|incites|Forbidden kite/, path);
  }
  assert.equal((await fetch(photo.manage, { headers: { accept: "text/html" } })).status, 410);
});

test("the authority reads Annex II, on the portal and by its receipt, as page, text and JSON", async () => {
  const { page } = inspector;
  await page.goto(`${site.url}/portal`);
  await look(page, "portal");
  await page.locator(".filing a").first().click();
  assert.match(await page.locator("main").innerText(), /Annex II[^]*KP-17\/2026[^]*The content has been removed/);
  await look(page, "annex-ii");
  if (pictures) await page.pdf({ path: join(pictures, "annex-ii.pdf"), format: "A4" });
  const text = await (await fetch(`${reply}?form=text`)).text();
  assert.match(text, /^Regulation \(EU\) 2021\/784, Annex II\n[^]*\[x\] The content has been removed/);
  const { annex, state } = await (await fetch(reply, { headers: { accept: "application/json" } })).json();
  assert.deepEqual([state, annex.form, annex.measure, annex.country, annex.contact], ["done", "II", "removed", "DE", "ola@kites.example"]);
});

test("an authority files on the portal without a script, and an order that lacks something is told so at once", async () => {
  const { page } = inspector;
  await page.goto(`${site.url}/portal`);
  await page.locator("a[href$='type=tco_removal_order']").click();
  await look(page, "file-order");
  await page.locator("[name=reference]").fill("KP-18/2026");
  await page.locator("[name=issued]").fill("2026-11-26T05:00");
  await page.locator("[name=subjects]").fill(words.link);
  await page.locator("button.primary").click();
  assert.match(await page.locator("main").innerText(), /Annex III[^]*The ground is missing/);
  await look(page, "annex-iii");
  await page.goto(`${site.url}/portal/file?type=dsa_art10_information_order`);
  await look(page, "file-information");
  await page.locator("[name=reference]").fill("KP-19/2026");
  await page.locator("[name=issued]").fill("2026-11-26T05:00");
  await page.locator("[name=legal_basis]").fill("Code of Kites, Article 4");
  await page.locator("[name=subjects]").fill(`${photo.link}\n${words.link}`);
  await page.locator("[name=asks]").fill("When it was posted, and from where.");
  await page.locator("button.primary").click();
  await page.waitForURL(/\/portal\/filings\//);
  const desk = operator.page;
  await desk.goto(page.url().replace("/portal/", "/console/").split("?")[0]);
  assert.match(await desk.locator("textarea[name=words]").first().inputValue(), /SHA-256[^]*no network address/);
  await look(desk, "filing-information");
  // The keys that send a form press its button, which says which of the page's answers it is.
  await desk.locator("form:has(button[name=holdings]) textarea").press("Control+Enter");
  await desk.locator(".good").waitFor();
  await page.reload();
  assert.match(await page.locator("main").innerText(), /We hold[^]*SHA-256/);
  await look(page, "holdings");
});

test("a flagger files on the portal, and a list by OpenSSL and curl, as the manual says it", async () => {
  flagger = await registered("Kite Watch", "trusted_flagger", "Watcher");
  const { page } = flagger;
  assert.equal(await page.locator("a[href$='type=tco_removal_order']").count(), 0);
  await page.locator("a[href$='type=trusted_flagger']").click();
  await page.locator("[name=subjects]").fill(sold.link);
  await page.locator("[name=category]").selectOption("fraud");
  await page.locator("[name=explanation]").fill("The tickets are stolen.");
  await page.locator("[name=good_faith]").check();
  await look(page, "file-flagger");
  await page.locator("button.primary").click();
  await page.waitForURL(/\/portal\/filings\//);
  const list = join(site.home, "list.csv");
  writeFileSync(list, `type,url,reference,issued,reasons\ntco_removal_order,${words.link},KP-20/2026,2026-11-26T05:00:00Z,a b\nedict,${words.link},,,\n`);
  writeFileSync(join(site.home, "file.sh"), example("sh", "pkeyutl"));
  const { stdout } = await run("sh", ["file.sh", site.url, list], { cwd: site.home });
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ line, state }) => [line, state]), [[2, "taken"], [3, "refused"]], stdout);
  await page.goto(`${site.url}/portal/list`);
  await look(page, "list");
  writeFileSync(list, `type;url;category;explanation;good_faith\ntrusted_flagger;${words.link};hate;It hates.;1\ntrusted_flagger;${words.link};boredom;It bores.;1\n`);
  await page.locator("[name=list]").setInputFiles(list);
  await page.locator("button.primary").click();
  await page.locator("table.lines").waitFor();
  assert.match(await page.locator("main").innerText(), /One line was taken; duplicates: 0; refused: 1/);
});

test("somebody of a party enrols and signs in by a passkey, and only into the portal", async () => {
  const { page: desk } = operator;
  await desk.goto(`${site.url}/console/parties`);
  await desk.locator(".people a", { hasText: "Kite Watch" }).click();
  const party = desk.url();
  await desk.locator("form[action$='/people'] [name=name]").fill("Salma");
  await desk.locator("form[action$='/people'] button").click();
  const link = await desk.locator("input.link").inputValue();
  const visitor = await Visitor.arrive(browser, site, { locale: "en" });
  const { page } = visitor;
  const { wire, authenticatorId } = await authenticator(page);
  await page.goto(link);
  await page.locator(".passkey button").click();
  await page.waitForURL(`${site.url}/portal`);
  const { credentials } = await wire.send("WebAuthn.getCredentials", { authenticatorId });
  assert.deepEqual(credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]), [["localhost", true]]);
  await page.locator(".console-nav button").click();
  await page.goto(`${site.url}/portal/list`);
  assert.match(page.url(), /\/console\/sign-in/);
  await page.locator(".passkey button").click();
  await page.waitForURL(`${site.url}/portal/list`);
  await page.goto(`${site.url}/portal`);
  assert.match(await page.locator("main").innerText(), /Kite Watch[^]*Trusted flagger/i);
  // Who files decides nothing, however they came in.
  for (const path of ["/console/parties", "/console/filings", "/console/audit"]) {
    assert.equal((await page.goto(`${site.url}${path}`)).status(), 403, path);
  }
  await desk.goto(party);
  assert.match(await desk.locator("main").innerText(), /Salma\s+Signs in with a passkey/);
  // Shut out, the passkey leads nowhere; let in again, it does.
  const own = desk.locator(".rows li", { hasText: "Salma" });
  await own.locator("form[action$='/suspend'] button").click();
  await desk.locator(".rows .out", { hasText: "Salma" }).waitFor();
  await page.goto(`${site.url}/portal`);
  assert.match(page.url(), /\/console\/sign-in/);
  await page.locator(".passkey button").click();
  await page.locator(".passkey .trouble:not([hidden])").waitFor();
  await own.locator("form[action$='/resume'] button").click();
  await own.locator("form[action$='/suspend'] button").waitFor();
  await page.reload();
  await page.locator(".passkey button").click();
  await page.waitForURL(`${site.url}/portal`);
  // The browser writes down each answer that was no.
  visitor.troubles.splice(0, visitor.troubles.length, ...visitor.troubles.filter((words) => !/status of 403/.test(words)));
  await visitor.leave();
});

test("whoever is suspended is out, by portal and by key", async () => {
  const { page } = operator;
  await page.goto(`${site.url}/console/parties`);
  await look(page, "parties");
  await page.locator(".people a", { hasText: "Kite Police" }).click();
  await page.locator("form[action$='/suspend'] button", { hasText: "Suspend" }).first().click();
  await page.locator(".working").waitFor();
  await look(page, "party-suspended");
  await inspector.page.goto(`${site.url}/portal`);
  assert.match(inspector.page.url(), /\/console\/sign-in/);
  const { stdout } = await run("python3", ["order.py", site.url, words.link], { cwd: site.home, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
  assert.match(stdout, /^403 /);
  await page.goto(`${site.url}/console/audit`);
  assert.match(await page.locator("table").innerText(), /Party suspended[^]*Request answered[^]*Request filed/);
  for (const visitor of [operator, inspector, flagger]) await visitor.leave();
});
