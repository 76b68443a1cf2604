// The site behind Debian's caddy, as deploy/Caddyfile has it, with caddy's own certificates.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Samples } from "./samples.mjs";
import { Site, freePort, until } from "./site.mjs";

const caddyfile = new URL("../deploy/Caddyfile", import.meta.url).pathname;
const caddy = process.env.CADDY ?? "caddy";
const skip = spawnSync(caddy, ["version"]).status === 0 ? false : "caddy is not on this machine";

/** A site and a caddy before it. */
class Secure {
  static async start(settings) {
    const secure = new Secure();
    const port = await freePort();
    secure.url = `https://localhost:${port}`;
    secure.site = await Site.start({ settings: { SITE__PUBLIC_URL: secure.url, FAIR_USE__POSTS_PER_HOUR: 2, FAIR_USE__TIMES_IPV4_ADDRESS: 1, ...settings } });
    const home = join(secure.site.home, "caddy");
    mkdirSync(home);
    secure.root = join(home, "pki/authorities/local/root.crt");
    const global = `{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tauto_https disable_redirects\n\tstorage file_system ${home}\n}\n`;
    writeFileSync(join(home, "Caddyfile"), `${global}import ${caddyfile}\n`);
    const log = openSync(join(home, "log"), "a");
    secure.child = spawn(caddy, ["run", "--config", join(home, "Caddyfile"), "--adapter", "caddyfile"], { stdio: ["ignore", log, log], env: { ...process.env, HOME: home, DOMAIN: `localhost:${port}`, HANDBILL: `127.0.0.1:${secure.site.port}` } });
    secure.ended = new Promise((done) => secure.child.once("exit", done));
    await until(`caddy did not start: ${readFileSync(join(home, "log"), "utf8")}`, 20, () => existsSync(secure.root) && secure.curl("/readyz").status === 200);
    return secure;
  }

  async stop() {
    this.child.kill("SIGTERM");
    await this.ended;
    await this.site.stop();
  }

  curl(path, ...args) {
    const done = spawnSync("curl", ["-sS", "--max-time", "60", "--cacert", this.root, "-i", "-w", "\n%{http_version} %{http_code}", ...args, new URL(path, this.url).href], { maxBuffer: 1 << 28, encoding: "latin1" });
    const [version, status] = done.stdout.slice(done.stdout.lastIndexOf("\n") + 1).split(" ");
    const answer = done.stdout.slice(0, done.stdout.lastIndexOf("\n"));
    const at = answer.lastIndexOf("\r\n\r\n");
    return { version, status: Number(status), head: answer.slice(0, at).toLowerCase(), body: answer.slice(at + 4), error: done.stderr };
  }

  /** Posts as somebody at this address of the loopback network. */
  post(from, ...args) {
    return this.curl("/", "--interface", from, "-F", "text=words", ...args).status;
  }
}

let secure, samples;
before(async () => {
  if (skip) return;
  secure = await Secure.start({ SERVER__TRUSTED_PROXIES: "127.0.0.1,::1" });
  samples = new Samples(secure.site.home);
});
after(() => secure?.stop());

test("pages, posts and parts of files come over HTTP/2 and HTTPS", { skip }, async () => {
  const first = secure.curl("/", "--http2");
  assert.deepEqual([first.version, first.status], ["2", 200], first.error);
  assert.match(first.head, /strict-transport-security: max-age=\d{8}\b(?!.*includesubdomains)/);
  const made = secure.curl("/", "--interface", "127.0.0.5", "-F", `file=@${samples.photo()}`);
  const [link] = made.body.split("\n");
  assert.ok(made.status === 201 && link.startsWith(`${secure.url}/`), made.body);
  const post = await secure.site.settled(link);
  const { url, size_bytes } = post.media[0].original;
  const whole = secure.curl(url);
  const part = secure.curl(url, "-r", "10-29");
  assert.deepEqual([whole.body.length, part.status, part.body], [size_bytes, 206, whole.body.slice(10, 30)]);
  assert.match(part.head, new RegExp(`content-range: bytes 10-29/${size_bytes}`));
  const zip = secure.curl(`${new URL(link).pathname}.zip`);
  assert.equal(Number(/content-length: (\d+)/.exec(zip.head)[1]), zip.body.length);
});

test("more than 100 MB go through in parts", { skip }, async () => {
  const tus = ["-H", "Tus-Resumable: 1.0.0"];
  const megabytes = 44;
  const piece = join(secure.site.home, "piece");
  writeFileSync(piece, Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"), Buffer.alloc(megabytes << 20, "kite")]).subarray(0, megabytes << 20));
  const made = secure.curl("/api/v1/uploads", ...tus, "-X", "POST", "-H", `Upload-Length: ${3 * (megabytes << 20)}`);
  const place = /location: (\S+)/.exec(made.head)?.[1];
  assert.ok(made.status === 201 && place.startsWith(secure.url), made.head);
  for (let offset = 0; offset < 3 * (megabytes << 20); offset += megabytes << 20) {
    const sent = secure.curl(place, ...tus, "-X", "PATCH", "-H", `Upload-Offset: ${offset}`, "-H", "Content-Type: application/offset+octet-stream", "--data-binary", `@${piece}`);
    assert.equal(sent.status, 204, sent.body);
  }
  assert.match(secure.curl(place, ...tus, "--head").head, new RegExp(`upload-offset: ${3 * (megabytes << 20)}\\b`));
  assert.equal(secure.curl(place, ...tus, "-X", "DELETE").status, 204);
});

test("each visitor has a budget of their own, and nobody gets another's by a header", { skip }, async () => {
  assert.deepEqual(Array.from({ length: 5 }, () => secure.post("127.0.0.2")), [201, 201, 202, 202, 429]);
  for (const forged of ["127.0.0.9", "127.0.0.1", "198.51.100.7, 127.0.0.9", "::1"]) {
    assert.equal(secure.post("127.0.0.2", "-H", `X-Forwarded-For: ${forged}`, "-H", "X-Forwarded-For: 198.51.100.8", "-H", "Forwarded: for=198.51.100.7", "-H", "X-Real-IP: 198.51.100.7"), 429, forged);
  }
  assert.equal(secure.post("127.0.0.3"), 201);
  assert.deepEqual(JSON.parse(secure.curl("/healthz").body).degraded.filter(({ code }) => code === "proxy_unknown"), []);
});

test("a caddy that the configuration does not name is one visitor, and the site says so", { skip }, async () => {
  const other = await Secure.start({});
  try {
    assert.deepEqual([2, 3, 4, 5, 6].map((last) => other.post(`127.0.0.${last}`)), [201, 201, 202, 202, 429]);
    await until("the site does not say so", 5, () => /proxy_unknown/.test(other.curl("/healthz").body));
  } finally {
    await other.stop();
  }
});
