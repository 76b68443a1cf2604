// A site of its own for each test file: the real program on a free loopback port, with its data in a temporary directory.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";

const program = process.env.HANDBILL_BIN ?? new URL("../target/debug/handbill", import.meta.url).pathname;
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Asks again until the answer is truthy; fails with `what` after `seconds`. */
export async function until(what, seconds, ask) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} seconds`);
    await sleep(100);
  }
}

export class Site {
  /** `settings` are keys of the configuration, such as `LIMITS__FILE_BYTES`; `data` is where the data goes. */
  static async start({ settings = {}, data } = {}) {
    const site = new Site();
    site.home = mkdtempSync(join(tmpdir(), "handbill-e2e-"));
    site.data = data ?? join(site.home, "data");
    site.log = join(site.home, "log");
    site.settings = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`HANDBILL__${key}`, String(value)]));
    site.port = await freePort();
    site.url = `http://127.0.0.1:${site.port}`;
    await site.serve();
    return site;
  }

  async serve() {
    const log = openSync(this.log, "a");
    const env = { ...process.env, ...this.settings };
    this.child = spawn(program, ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data], { cwd: this.home, env, stdio: ["ignore", log, log] });
    this.ended = new Promise((done) => this.child.once("exit", done));
    await until(`the site did not start: ${this.told()}`, 15, () => fetch(`${this.url}/healthz`).then((answer) => answer.ok, () => false));
  }

  told() {
    return existsSync(this.log) ? readFileSync(this.log, "utf8") : "";
  }

  // Only ever the process that this site started.
  async kill(signal = "SIGKILL") {
    this.child.kill(signal);
    await this.ended;
  }

  /** Ends the site in good order, and looks for what must never stand in its log. */
  async stop() {
    await this.kill("SIGTERM");
    const log = this.told();
    rmSync(this.home, { recursive: true, force: true });
    assert.equal(this.child.exitCode, 0, log);
    assert.doesNotMatch(log, /panicked/);
    assert.doesNotMatch(log, new RegExp(`127\\.0\\.0\\.1:(?!${this.port})\\d+|/manage/|User-Agent|Mozilla`), "the log holds an address, a secret or a browser's name");
  }

  /** The processes that the site has started and that still run. */
  children() {
    const tasks = `/proc/${this.child.pid}/task`;
    return readdirSync(tasks).flatMap((task) => readFileSync(`${tasks}/${task}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number));
  }

  /** Memory that the site itself holds, in MiB. */
  memory() {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]) / 1024;
  }

  /** The objects that stand on the disk, and those that the database refers to. */
  objects() {
    const root = join(this.data, "objects");
    const kept = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
    const database = new DatabaseSync(join(this.data, "handbill.db"), { readOnly: true });
    const wanted = database.prepare("SELECT object_key AS key FROM blobs UNION SELECT staged FROM media WHERE staged IS NOT NULL UNION SELECT object_key FROM parts").all().map((row) => row.key);
    database.close();
    return { kept, wanted };
  }

  /** The bytes of a resumable upload as far as they stand on the disk, part after part. */
  uploaded(id) {
    const database = new DatabaseSync(join(this.data, "handbill.db"), { readOnly: true });
    const parts = database.prepare("SELECT start_byte AS start, size_bytes AS size, object_key AS key FROM parts WHERE upload_id = ? ORDER BY start_byte").all(id);
    database.close();
    let end = 0;
    return Buffer.concat(parts.map(({ start, size, key }) => {
      const bytes = readFileSync(join(this.data, "objects", key));
      assert.deepEqual([start, bytes.length], [end, size], `a part of ${id}`);
      end += size;
      return bytes;
    }));
  }

  /** Waits until every object is there that the database refers to, and none that it does not. */
  tidied() {
    let objects;
    return until("objects are left that nothing refers to", 20, () => {
      objects = this.objects();
      return objects.kept.every((key) => objects.wanted.includes(key));
    }).then(() => assert.deepEqual(objects.wanted.filter((key) => !objects.kept.includes(key)), [], "objects are missing"));
  }

  /** Posts like a script does. `fields`: [name, value] pairs, in order; a `file` is a path or `{ name, bytes }`. */
  async post(fields, headers = {}) {
    const body = new FormData();
    for (const [name, value] of fields) {
      if (name !== "file") body.append(name, value);
      else if (typeof value === "string") body.append(name, new Blob([readFileSync(value)]), value.split("/").pop());
      else body.append(name, new Blob([value.bytes]), value.name);
    }
    const answer = await fetch(this.url, { method: "POST", body, headers, redirect: "manual" });
    const text = await answer.text();
    const [link, manage, ...refused] = text.split("\n");
    return { status: answer.status, headers: answer.headers, text, link, manage, refused: refused.filter(Boolean) };
  }

  async read(link) {
    const answer = await fetch(`${this.url}${new URL(link).pathname}.json`);
    assert.equal(answer.status, 200, `${link} answers ${answer.status}`);
    return answer.json();
  }

  /** Waits until no medium of the post is on its way any more. */
  settled(link, seconds = 90) {
    const settled = ({ state }) => ["ready", "refused"].includes(state);
    return until(`the media of ${link} were not ready`, seconds, async () => {
      const post = await this.read(link);
      // A video is ready with its own frame while the still that was sent for it is made.
      return post.media.every((medium) => settled(medium) && (!medium.still || settled(medium.still))) && post;
    });
  }

  async bytes(path, headers = {}) {
    const answer = await fetch(new URL(path, this.url), { headers });
    assert.ok(answer.ok, `${path} answers ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }
}
