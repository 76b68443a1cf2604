// The programs that are measured: Handbill, and nginx serving the same bytes. Each on a free loopback port with its files in
// a temporary directory, each stopped when its measure is done, and all of them when the bench ends in whatever way.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(process.env.HANDBILL_BIN ?? new URL("../target/release/handbill", import.meta.url).pathname);
export const handbillBinary = binary;
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const running = new Set();
process.on("exit", () => running.forEach((program) => (program.child.kill(), program.forget())));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

class Program {
  // `command(port)` gives the program and its arguments; it has started when `path` is answered.
  static async start(home, path, command, environment = {}) {
    const program = new Program();
    const port = await freePort();
    program.home = home;
    program.url = `http://127.0.0.1:${port}`;
    const [name, ...flags] = command(port);
    program.child = spawn(name, flags, { cwd: home, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...environment } });
    program.said = "";
    program.child.stderr.on("data", (bytes) => (program.said = (program.said + bytes).slice(-2000)));
    program.ended = new Promise((done) => program.child.once("exit", done));
    running.add(program);
    for (let tries = 0; tries < 200; tries++) {
      if ((await ask(program, path).catch(() => ({}))).status === 200) return program;
      if (program.child.exitCode !== null) break;
      await sleep(50);
    }
    const { said } = program;
    await program.stop();
    throw new Error(`${name} did not start: ${said}`);
  }

  get pid() {
    return this.child.pid;
  }

  async stop() {
    this.child.kill("SIGTERM");
    const forced = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await this.ended;
    clearTimeout(forced);
    running.delete(this);
    this.forget();
  }

  forget() {
    this.agent?.destroy();
    rmSync(this.home, { recursive: true, force: true });
  }
}

const temporary = (parent) => mkdtempSync(join(parent, "handbill-bench-"));

// A measurement posts more in a minute than a person does in a day, all of it from one address.
const unlimited = { HANDBILL__FAIR_USE__POSTS_PER_HOUR: "0", HANDBILL__FAIR_USE__BYTES_PER_DAY: "0", HANDBILL__FAIR_USE__UPLOADS_PER_HOUR: "0", HANDBILL__FAIR_USE__UPLOADS_OPEN: "0" };

export function handbill({ environment = {}, parent = tmpdir() } = {}) {
  const home = temporary(parent);
  return Program.start(home, "/healthz", (port) => [binary, "serve", "--listen", `127.0.0.1:${port}`, "--data", join(home, "data")], { ...unlimited, ...environment });
}

// nginx at its best for one file: as many workers as cores here, sendfile, no log, no looking up of files it knows.
export function nginx(bytes, contentType, headers) {
  const home = temporary(tmpdir());
  writeFileSync(join(home, "file"), bytes);
  const lines = Object.entries(headers).map(([name, value]) => `add_header ${name} ${JSON.stringify(value)};`);
  const conf = (port) => `
    ${process.getuid() === 0 ? "user root;" : ""}
    daemon off; worker_processes 2; pid ${home}/pid; error_log stderr crit;
    events { worker_connections 1024; }
    http {
      access_log off; server_tokens off; sendfile on; tcp_nopush on; tcp_nodelay on;
      keepalive_timeout 60s; keepalive_requests 1000000000;
      open_file_cache max=16 inactive=600s; open_file_cache_valid 600s;
      client_body_temp_path ${home}/1; proxy_temp_path ${home}/2; fastcgi_temp_path ${home}/3; uwsgi_temp_path ${home}/4; scgi_temp_path ${home}/5;
      types {} default_type ${JSON.stringify(contentType)};
      server { listen 127.0.0.1:${port} reuseport; root ${home}; etag off; max_ranges 0; add_header Last-Modified ""; ${lines.join(" ")} }
    }`;
  return Program.start(home, "/file", (port) => {
    writeFileSync(join(home, "conf"), conf(port));
    return ["/usr/sbin/nginx", "-c", join(home, "conf"), "-p", home, "-e", "stderr"];
  });
}

// One request over the program's kept connections; the whole answer. `body` is a buffer, or an async iterable with its `content-length` given.
export function ask(program, path, { method = "GET", headers = {}, body } = {}) {
  program.agent ??= new http.Agent({ keepAlive: true });
  return new Promise((done, fail) => {
    const request = http.request(program.url + path, { method, headers, agent: program.agent }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, raw: answer.rawHeaders, bytes: Buffer.concat(chunks) }));
      answer.on("error", fail);
    });
    request.on("error", fail);
    if (body && !Buffer.isBuffer(body)) pour(body, request).catch(fail);
    else request.end(body);
  });
}

async function pour(chunks, request) {
  for await (const chunk of chunks) {
    if (!request.write(chunk)) await new Promise((done) => request.once("drain", done));
  }
  request.end();
}

// Posts a form of `[name, value]` or `[name, bytes, filename]`, as curl would; the path of the post.
export async function publish(program, fields) {
  const { headers, body } = form(fields);
  const answer = await ask(program, "/", { method: "POST", headers, body });
  if (answer.status !== 201) throw new Error(`a post was answered with ${answer.status}: ${answer.bytes}`);
  return new URL(answer.bytes.toString().split("\n")[0]).pathname;
}

export function form(fields) {
  const boundary = "----handbill-bench-boundary";
  const parts = fields.map(([name, value, filename]) => {
    const file = filename ? `; filename="${filename}"\r\nContent-Type: application/octet-stream` : "";
    return [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`), Buffer.from(value), Buffer.from("\r\n")];
  });
  const body = Buffer.concat([...parts.flat(), Buffer.from(`--${boundary}--\r\n`)]);
  return { headers: { "content-type": `multipart/form-data; boundary=${boundary}`, "content-length": body.length }, body };
}

export const post = async (program, path) => JSON.parse((await ask(program, `${path}.json`)).bytes);

// Polls a post until `found(medium)` gives something for its first medium.
export async function until(program, path, found, { pause_ms = 5, limit_ms = 60_000 } = {}) {
  for (const end = performance.now() + limit_ms; performance.now() < end; await sleep(pause_ms)) {
    const [medium] = (await post(program, path)).media;
    if (medium.state === "refused") throw new Error(`the medium was refused: ${medium.problem}`);
    const result = found(medium);
    if (result) return result;
  }
  throw new Error(`${path} was not ready within ${limit_ms / 1000} s`);
}

// The process and everything below it.
function tree(pid) {
  const parents = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const all = [pid];
  for (let at = 0; at < all.length; at++) for (const [child, parent] of parents) if (parent === all[at]) all.push(child);
  return all;
}

// A process may end at any moment, and another user's may not be looked into.
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

// CPU time so far in microseconds, of the process with all its threads and of its living children (nginx's workers). Linux counts in ticks of 10 ms.
export function cpu_us(program) {
  return tree(program.pid).reduce((sum, pid) => {
    const stat = read(`/proc/${pid}/stat`);
    if (!stat) return sum;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) * 10_000;
  }, 0);
}

const kib = (text, key) => Number(text?.match(new RegExp(`^${key}:\\s+(\\d+) kB`, "m"))?.[1] ?? NaN);

// Memory of the process and its children: shared pages counted once (PSS) where the kernel lets us see, else resident pages (RSS).
export function tree_mib(program) {
  return tree(program.pid).reduce((sum, pid) => {
    const pss = kib(read(`/proc/${pid}/smaps_rollup`), "Pss");
    const rss = kib(read(`/proc/${pid}/status`), "VmRSS");
    return sum + (Number.isFinite(pss) ? pss : Number.isFinite(rss) ? rss : 0) / 1024;
  }, 0);
}

// Resident memory of the process alone, now and at its highest since `forgetPeak`.
export const rss_mib = (program) => kib(read(`/proc/${program.pid}/status`), "VmRSS") / 1024;
export const peak_mib = (program) => kib(read(`/proc/${program.pid}/status`), "VmHWM") / 1024;
export const forgetPeak = (program) => writeFileSync(`/proc/${program.pid}/clear_refs`, "5");
