// Reading: a text post's page and a picture of 200 kB, by wrk over 1 and 256 kept connections, beside nginx serving the very same
// bytes with the same headers. Short rounds, ours and nginx by turns; each number is the median of the rounds.
import { spawn } from "node:child_process";
import { numbered, photo, words } from "./material.mjs";
import { ask, cpu_us, handbill, nginx, publish, until } from "./programs.mjs";
import { median } from "./numbers.mjs";

const script = new URL("./wrk.lua", import.meta.url).pathname;
const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "en", "accept-encoding": "br, gzip" };
const plain = { accept: browser.accept, "accept-language": browser["accept-language"] };

export async function measure({ quick }) {
  const site = await handbill();
  const servers = [];
  try {
    const page = await publish(site, [["text", words]]);
    const picture = await publish(site, [["file", picture200kB(), "photo.jpg"]]);
    const file = await until(site, picture, (medium) => medium.state === "ready" && medium.original);
    const subjects = [
      { id: "page", what: "text page", path: page, headers: plain, connections: [1, 256] },
      { id: "page-compressed", what: "text page, compressed", path: page, headers: browser, connections: [256], onlyIf: (answer) => answer.headers["content-encoding"] },
      { id: "picture", what: "picture", path: file.url, headers: plain, connections: [1, 256] },
    ];
    const rows = [];
    for (const subject of subjects) {
      const answer = await ask(site, subject.path, { headers: subject.headers });
      if (subject.onlyIf && !subject.onlyIf(answer)) continue;
      const beside = await twin(answer);
      servers.push(beside);
      for (const connections of subject.connections) {
        const results = { ours: [], nginx: [] };
        for (let round = 0; round < (quick ? 2 : 5); round++) {
          results.ours.push(await load(site, subject.path, subject.headers, connections, quick ? 1 : 3));
          results.nginx.push(await load(beside, "/file", subject.headers, connections, quick ? 1 : 3));
        }
        rows.push(...report(subject, answer.bytes.length, connections, results));
      }
    }
    return rows;
  } finally {
    for (const server of [site, ...servers]) await server.stop();
  }
}

// A photo whose file has about 200 kB; what is served is its original without what a phone writes into it.
function picture200kB() {
  for (let quality = 95; quality > 20; quality -= 3) {
    const jpeg = photo({ width: 1200, height: 900, noise: 8, quality });
    if (jpeg.length <= 205_000) return numbered(jpeg, 0);
  }
  throw new Error("no quality gives 200 kB");
}

// nginx with what ours answered; checked, because a comparison with anything else says nothing.
async function twin(answer) {
  const own = ["content-type", "content-length", "date", "connection", "keep-alive", "transfer-encoding", "last-modified", "server"];
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !own.includes(name)));
  const server = await nginx(answer.bytes, answer.headers["content-type"], headers);
  const theirs = await ask(server, "/file");
  if (!theirs.bytes.equals(answer.bytes)) throw new Error("nginx serves other bytes");
  for (const [name, value] of Object.entries({ ...headers, "content-type": answer.headers["content-type"] })) {
    if (theirs.headers[name] !== value) throw new Error(`nginx answers ${name} with ${theirs.headers[name]} in place of ${value}`);
  }
  return server;
}

async function load(server, path, headers, connections, seconds) {
  const flags = [`-t${Math.min(2, connections)}`, `-c${connections}`, `-d${seconds}s`, "-s", script];
  for (const [name, value] of Object.entries(headers)) flags.push("-H", `${name}: ${value}`);
  const before = cpu_us(server);
  const said = await output("wrk", [...flags, server.url + path]);
  const used = cpu_us(server) - before;
  const result = JSON.parse(said.trim().split("\n").pop());
  if (result.errors > 0 || result.requests === 0) throw new Error(`wrk had ${result.errors} errors in ${result.requests} requests`);
  return { ...result, rate: result.requests / (result.duration_us / 1e6), cpu: used / result.requests };
}

function output(name, flags) {
  return new Promise((done, fail) => {
    const child = spawn(name, flags, { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (bytes) => (said += bytes));
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(said) : fail(new Error(`${name} ended with ${code}`))));
  });
}

function report(subject, size, connections, results) {
  const many = connections > 1;
  const of = (which, key, scale = 1) => median(results[which].map((one) => one[key] / scale));
  const row = (key, what, unit, target, scale) => ({
    id: `${subject.id}-${connections}-${key}`,
    what: `${subject.what} (${(size / 1000).toFixed(size < 10_000 ? 1 : 0)} kB), ${connections} connection${many ? "s" : ""}: ${what}`,
    ours: of("ours", key, scale),
    unit,
    beside: { name: "nginx", value: of("nginx", key, scale) },
    target,
    samples: { ours: results.ours.map((one) => one[key]), nginx: results.nginx.map((one) => one[key]) },
  });
  const page = subject.id === "page";
  return [
    row("rate", "requests a second", "/s", many && !page && subject.id === "picture" ? { ratio_at_least: 0.6 } : undefined),
    row("cpu", "the server's CPU for a request", "µs", many && page ? { ratio_at_most: 8 } : undefined),
    row("p50_us", "p50", "ms", many ? undefined : { ratio_at_most: 2 }, 1000),
    row("p99_us", "p99", "ms", undefined, 1000),
    ...(many ? [] : [row("max_us", "the slowest of a round", "ms", { below: 40 }, 1000)]),
  ];
}
