// Mail through a server that others wrote (aiosmtpd): taken, put off, refused, not there, and by TLS.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { Site, freePort, until } from "./site.mjs";

const program = process.env.HANDBILL_BIN ?? new URL("../target/debug/handbill", import.meta.url).pathname;
const home = mkdtempSync(join(tmpdir(), "handbill-mail-"));
const running = [];
after(async () => {
  for (const one of running) await one.stop();
  rmSync(home, { recursive: true, force: true });
});

class MailServer {
  static async start(port, ...tls) {
    const server = new MailServer();
    server.child = spawn("python3", [new URL("mail_server.py", import.meta.url).pathname, String(port), ...tls], { stdio: ["ignore", "pipe", "inherit"] });
    server.ended = new Promise((done) => server.child.once("exit", done));
    server.told = [];
    createInterface({ input: server.child.stdout }).on("line", (line) => server.told.push(JSON.parse(line)));
    await until("the mail server did not start", 20, () => server.told.some((one) => one.listening));
    running.push(server);
    return server;
  }
  taken(to) {
    return this.told.filter((one) => one.to?.[0] === to);
  }
  asked(address) {
    return this.told.filter((one) => one.recipient === address).length;
  }
  async stop() {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}

const settings = (server, more = {}) => ({ MAIL__SERVER: server, MAIL__FROM: "Kites <reports@kites.example>", SITE__PUBLIC_URL: "https://kites.example", ...more });
const start = async (...told) => {
  const site = await Site.start({ settings: settings(...told) });
  running.push(site);
  return site;
};
const posted = async (site) => {
  const form = new FormData();
  form.set("text", "A red kite over the harbour");
  const { url } = await (await fetch(`${site.url}/`, { method: "POST", headers: { accept: "application/json" }, body: form })).json();
  return new URL(url).pathname;
};
const report = async (site, path, email, language = "en") => {
  const body = new URLSearchParams({ category: "policy", explanation: "BUY MY KITES at kites.example", good_faith: "1", email });
  const answer = await fetch(`${site.url}${path}/report`, { method: "POST", redirect: "manual", headers: { accept: "text/html", "accept-language": language }, body });
  assert.equal(answer.status, 303, await answer.text());
  return answer.headers.get("location").split("?")[0];
};
// A clock that nobody can turn: what was put off is made due, as it is after a while.
const hurry = (site) => {
  const database = new DatabaseSync(join(site.data, "handbill.db"), { timeout: 10_000 });
  database.exec("UPDATE jobs SET run_at_ms = 0 WHERE kind = 'mail' AND lease_token IS NULL");
  database.close();
};
const states = (site) => {
  const database = new DatabaseSync(join(site.data, "handbill.db"), { readOnly: true });
  const rows = database.prepare("SELECT state, tries, answer, recipient FROM mails").all();
  database.close();
  return rows.map((row) => ({ ...row }));
};

test("a receipt arrives in the language of the report, with its link and nothing that its reporter wrote", async () => {
  const port = await freePort();
  const server = await MailServer.start(port);
  const site = await start(`smtp://127.0.0.1:${port}`);
  const path = await posted(site);
  for (const [language, subject, words] of [["en", "Your report was received", "Keep the link to yourself"], ["ar", "وصل بلاغك", "احتفظ بالرابط لنفسك"], ["pl", "Twoje zgłoszenie dotarło", "Zachowaj link dla siebie"]]) {
    const to = `${language}@kites.example`;
    const place = await report(site, path, to, language);
    const [mail] = await until(`no mail in ${language}`, 20, () => server.taken(to).length > 0 && server.taken(to));
    assert.equal(mail.headers.subject, subject);
    assert.equal(mail.headers.from, "Kites <reports@kites.example>");
    assert.equal(mail.headers["auto-submitted"], "auto-generated");
    assert.equal(mail.headers["content-language"], language);
    assert.deepEqual([mail.type, mail.sender, mail.host], ["text/plain", "reports@kites.example", "kites.example"]);
    assert.ok(mail.text.includes(`https://kites.example${place}`) && mail.text.includes(words), mail.text);
    assert.ok(!mail.text.includes("BUY") && !mail.text.includes("harbour") && !mail.text.includes(path), mail.text);
  }
  // Letters of the whole world: a name in Arabic goes as it is, a host of other letters in those that every server knows.
  await report(site, path, "سلمى@kites.example", "ar");
  const [utf8] = await until("no mail to سلمى", 20, () => server.taken("سلمى@kites.example").length > 0 && server.taken("سلمى@kites.example"));
  assert.ok(utf8.options.some((option) => option.toUpperCase() === "SMTPUTF8"), JSON.stringify(utf8.options));
  await report(site, path, "ola@żagle.example", "pl");
  await until("no mail to żagle.example", 20, () => server.taken("ola@xn--agle-99a.example").length > 0);
  await until("receipts are left in the database", 10, () => states(site).every((row) => row.state === "sent"));
});

test("what is put off comes again, what is refused is not tried again, and neither is lost without a word", async () => {
  const port = await freePort();
  const server = await MailServer.start(port);
  const site = await start(`smtp://127.0.0.1:${port}`);
  const path = await posted(site);
  await report(site, path, "later@kites.example");
  await report(site, path, "never@kites.example");
  await until("nobody was asked", 20, () => server.asked("later@kites.example") === 1 && server.asked("never@kites.example") === 1);
  await until("what was answered is not kept", 10, () => states(site).some((row) => row.answer === "451 4.7.1") && states(site).some((row) => row.answer === "550 5.1.1"));
  assert.deepEqual(states(site).find((row) => row.answer === "451 4.7.1").state, "waiting");
  assert.deepEqual(states(site).find((row) => row.answer === "550 5.1.1").state, "refused");
  hurry(site);
  await until("it did not come again", 20, () => server.taken("later@kites.example").length === 1);
  await until("it is not known to be sent", 10, () => states(site).some((row) => row.state === "sent" && row.tries === 2));
  hurry(site);
  assert.equal(server.asked("never@kites.example"), 1);
  const database = new DatabaseSync(join(site.data, "handbill.db"), { readOnly: true });
  assert.equal(database.prepare("SELECT count(*) AS n FROM notices WHERE email = 'never@kites.example'").get().n, 0, "an address that is none is kept");
  database.close();
  assert.doesNotMatch(site.told(), /kites\.example is nobody|later@|never@/, "the log holds an address");
});

test("a server that is not there holds nothing up, and mail leaves when it is", async () => {
  const port = await freePort();
  const site = await start(`smtp://127.0.0.1:${port}`);
  const path = await posted(site);
  await report(site, path, "ola@kites.example");
  await until("it was not tried", 20, () => states(site).some((row) => row.tries === 1 && row.answer === "connection"));
  const health = await (await fetch(`${site.url}/healthz`)).json();
  assert.ok(!health.degraded.some((one) => one.code === "jobs_dead"), JSON.stringify(health));
  const server = await MailServer.start(port);
  hurry(site);
  await until("it did not leave", 20, () => server.taken("ola@kites.example").length === 1);
});

test("by TLS with a password, and never without", async () => {
  const [certificate, key, password] = ["cert.pem", "key.pem", "password"].map((name) => join(home, name));
  const made = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.2", "-addext", "subjectAltName=IP:127.0.0.2", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", certificate]);
  assert.equal(made.status, 0, String(made.stderr));
  writeFileSync(password, "kites over the sea\n");
  const doctor = (environment) => {
    const done = spawnSync(program, ["doctor", "--json", "--data", join(home, "none")], { encoding: "utf8", env: { ...process.env, ...environment } });
    return JSON.parse(done.stdout.split("\n").find((line) => line.includes('"check":"mail"')));
  };
  // 127.0.0.1 is this machine and needs no TLS; its neighbour, which is this machine too, is an address like any other.
  for (const [scheme, way] of [["smtp", "starttls"], ["smtps", "wrapped"]]) {
    const port = await freePort();
    const server = await MailServer.start(port, way, certificate, key, "ola", "kites over the sea");
    const address = `${scheme}://ola@127.0.0.2:${port}`;
    const environment = Object.fromEntries(Object.entries(settings(address, { MAIL__PASSWORD_FILE: password })).map(([name, value]) => [`HANDBILL__${name}`, value]));
    assert.equal(doctor(environment).state, "broken", "a certificate that nobody vouches for was trusted");
    const trusted = { ...environment, SSL_CERT_FILE: certificate };
    assert.equal(doctor(trusted).state, "ok", way);
    writeFileSync(password, "wrong\n");
    assert.equal(doctor(trusted).state, "broken", "a wrong password signed in");
    writeFileSync(password, "kites over the sea\n");
    process.env.SSL_CERT_FILE = certificate;
    const site = await start(address, { MAIL__PASSWORD_FILE: password }).finally(() => delete process.env.SSL_CERT_FILE);
    await report(site, await posted(site), "ola@kites.example");
    const [mail] = await until(`no mail by ${way}`, 20, () => server.taken("ola@kites.example").length > 0 && server.taken("ola@kites.example"));
    assert.deepEqual([mail.tls, mail.user], [true, "ola"]);
    assert.doesNotMatch(site.told(), /kites over the sea/, "the log holds the password");
  }
  // A server that offers no TLS, or whose offer somebody on the way has taken out, gets nothing.
  const port = await freePort();
  const bare = await MailServer.start(port);
  const site = await start(`smtp://127.0.0.2:${port}`);
  await report(site, await posted(site), "ola@kites.example");
  await until("it was not tried", 20, () => states(site).some((row) => row.tries === 1 && row.state === "waiting"));
  assert.equal(bare.asked("ola@kites.example"), 0);
});
