// Bad input from outside gets a clear answer, harms nobody, and leaves nothing half-written.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { crc32 } from "node:zlib";
import { head, multipart, raw } from "./raw.mjs";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

let site, photo;
before(async () => {
  site = await Site.start();
  photo = readFileSync(new Samples(site.home).photo());
});
after(() => site?.stop());

/** The site is as well as it was, and nothing half-written lies about. */
async function unharmed() {
  assert.equal((await fetch(`${site.url}/healthz`)).status, 200);
  await site.tidied();
}

// These wait more than they work, so they wait together.
describe("a request that", { concurrency: true }, () => {
  after(unharmed);

  test("promises more than it sends is told that it broke off, and leaves nothing", async () => {
    const body = multipart([["title", "Cut"], ["file", photo, "photo.jpg"]]);
    const answer = await raw(site, [head([`Content-Length: ${body.length + 5_000}`]), body.subarray(0, 40_000)], { half: true });
    assert.ok(answer.closed);
    // Whoever hung up may get no answer at all, but never a link.
    assert.ok(answer.statuses.length === 0 || answer.statuses[0] === 400, answer.text);
    assert.doesNotMatch(answer.text, /\/manage\//);
  });

  test("sends more than it promised is refused, and the rest is not taken for a request of its own", async () => {
    const body = multipart([["text", "A kite"]]);
    const answer = await raw(site, [head([`Content-Length: ${body.length - 10}`]), body]);
    assert.deepEqual(answer.statuses.slice(0, 1), [400], answer.text);
    assert.ok(answer.closed);
    const smuggled = multipart([["text", "A kite"]]);
    const two = await raw(site, [head([`Content-Length: ${smuggled.length}`]), smuggled, "garbage garbage\r\n\r\n"]);
    assert.deepEqual(two.statuses, [201, 400], two.text);
    assert.ok(two.closed);
  });

  test("comes in single bytes, with pauses, is answered like any other", async () => {
    const body = multipart([["title", "Slow"], ["text", "But steady"]]);
    const bytes = Buffer.concat([Buffer.from(head([`Content-Length: ${body.length}`, "Connection: close"])), body]);
    const answer = await raw(site, [...bytes].flatMap((byte, at) => [Buffer.from([byte]), at % 20 === 0 ? 50 : 1]), { seconds: 20 });
    assert.deepEqual(answer.statuses, [201], answer.text);
  });

  test("never ends its head is cut off after 20 seconds", async () => {
    const answer = await raw(site, ["GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", ...Array.from({ length: 60 }, (_, n) => [500, `X-${n}: kite\r\n`]).flat()], { seconds: 40 });
    assert.ok(answer.closed);
    assert.ok(answer.took > 15 && answer.took < 26, `${answer.took} s`);
  });

  test("falls silent in its body is cut off after a minute, and leaves nothing", async () => {
    const body = multipart([["file", photo, "photo.jpg"]]);
    const answer = await raw(site, [head([`Content-Length: ${body.length}`]), body.subarray(0, 8_000)], { seconds: 90 });
    assert.ok(answer.closed);
    assert.deepEqual(answer.statuses, [400], answer.text);
    assert.ok(answer.took > 50 && answer.took < 75, `${answer.took} s`);
  });

  test("pours out what is no part of any form is stopped, without being kept in memory", async () => {
    const before = site.memory();
    const flood = Buffer.alloc(1 << 20, "x");
    const chunked = Array.from({ length: 48 }, () => ["100000\r\n", flood, "\r\n"]).flat();
    const answer = await raw(site, [head(["Transfer-Encoding: chunked", "Connection: close"]), ...chunked, "0\r\n\r\n"], { seconds: 20 });
    assert.deepEqual(answer.statuses, [400], answer.text);
    assert.ok(site.memory() - before < 24, `${before} MiB before, ${site.memory()} MiB after`);
  });

  test("has a part whose head never ends is stopped, without being kept in memory", async () => {
    const before = site.memory();
    const line = Buffer.from(`X-Kite: ${"x".repeat(1 << 16)}\r\n`);
    const size = line.length.toString(16);
    const answer = await raw(site, [head(["Transfer-Encoding: chunked", "Connection: close"]), `6\r\n--kite\r\n2\r\n\r\n\r\n`, ...Array.from({ length: 700 }, () => [`${size}\r\n`, line, "\r\n"]).flat(), "0\r\n\r\n"], { seconds: 20 });
    assert.deepEqual(answer.statuses, [400], answer.text);
    assert.ok(site.memory() - before < 24, `${before} MiB before, ${site.memory()} MiB after`);
  });
});

test("garbage where chunks should be, forms without a boundary, and heads of 100 kB are refused", async () => {
  for (const [what, parts, statuses] of [
    ["a chunk size that is no number", [head(["Transfer-Encoding: chunked"]), "kite\r\nxx\r\n0\r\n\r\n"], [400]],
    ["a chunk larger than anything", [head(["Transfer-Encoding: chunked"]), "FFFFFFFFFFFFFFFFFF\r\nxx\r\n"], [400]],
    ["a negative chunk", [head(["Transfer-Encoding: chunked"]), "-1\r\nxx\r\n"], [400]],
    ["a form without a boundary", ["POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nContent-Length: 2\r\n\r\nxx"], [415]],
    ["a form with an empty boundary", ["POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 2\r\n\r\nxx"], [400, 415]],
    ["a form that is JSON", ["POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"], [415]],
    ["nothing at all", ["POST / HTTP/1.1\r\nHost: x\r\n\r\n"], [415]],
    ["a head of 200 kB in one line", [`GET / HTTP/1.1\r\nHost: x\r\nX-Kite: ${"x".repeat(200_000)}\r\n\r\n`], [431]],
    ["a head of 100 kB in many lines", [`GET / HTTP/1.1\r\nHost: x\r\n${"X-Kite: x\r\n".repeat(9_000)}\r\n`], [431]],
    ["an address of 100 kB", [`GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`], [414, 431]],
    ["no HTTP at all", ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 kite kite kite\r\n\r\n"], [400]],
    ["a version from the future", ["GET / HTTP/3.7\r\nHost: x\r\n\r\n"], [400, 505]],
    ["a NUL in the address", ["GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"], [400]],
    ["a NUL in a header", ["GET / HTTP/1.1\r\nHost: x\r\nX-Kite: \0\r\n\r\n"], [400]],
  ]) {
    const answer = await raw(site, parts, { seconds: 3 });
    assert.ok(statuses.includes(answer.statuses[0]), `${what}: ${answer.text.slice(0, 300)}`);
  }
  await unharmed();
});

test("two lengths, or a length and chunks, never make one request into two", async () => {
  const inner = "GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const [what, request] of [
    ["length before chunks", `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`],
    ["chunks before length", `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: ${5 + inner.length}\r\n\r\n0\r\n\r\n${inner}`],
    ["two lengths", `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`],
    ["two lengths in one line", `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0, ${inner.length}\r\n\r\n${inner}`],
    ["a signed length", `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +${inner.length}\r\n\r\n${inner}`],
    ["chunks that are not quite", `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`],
    ["chunks and something after", `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${inner}`],
    ["a space before the colon", `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`],
    ["a folded header", `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${inner}`],
  ]) {
    const answer = await raw(site, [request], { seconds: 1 });
    assert.doesNotMatch(answer.text, /User-agent: \*/, `${what}: the inner request was answered`);
    assert.ok(answer.statuses[0] >= 400, `${what}: ${answer.text.slice(0, 200)}`);
  }
  await unharmed();
});

test("no path leads out of the site's own files", async () => {
  const { link } = await site.post([["file", { name: "photo.jpg", bytes: photo }]]);
  const { media } = await site.settled(link);
  const [, , id] = media[0].original.url.split("/");
  const ups = ["../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd", "....//....//etc/passwd", "..%252f..%252fetc%252fpasswd", "%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd", "..;/..;/etc/passwd", "%00", "handbill.db", "..%2f..%2fhandbill.db", "%2fetc%2fpasswd", "C:%5cWindows%5cwin.ini"];
  for (const base of ["/", "/assets/", "/m/", `/m/${id}/`, "//", "/m/../"]) {
    for (const up of ups) {
      const answer = await raw(site, [`GET ${base}${up} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
      assert.ok([400, 404].includes(answer.statuses[0]), `${base}${up}: ${answer.text.slice(0, 200)}`);
      assert.doesNotMatch(answer.text, /root:|SQLite format/);
    }
  }
});

test("every method has an answer, and HEAD has the head of GET", async () => {
  const { link } = await site.post([["file", { name: "photo.jpg", bytes: photo }], ["text", "A kite"]]);
  const { media } = await site.settled(link);
  for (const path of ["/about", new URL(link).pathname, `${new URL(link).pathname}.json`, media[0].original.url, "/nothing"]) {
    const [get, without] = await Promise.all(["GET", "HEAD"].map((method) => fetch(site.url + path, { method })));
    assert.equal(without.status, get.status, path);
    for (const name of ["content-type", "content-length", "cache-control", "content-security-policy"]) assert.equal(without.headers.get(name), get.headers.get(name), `${path}: ${name}`);
    assert.equal((await without.arrayBuffer()).byteLength, 0);
    for (const method of ["DELETE", "PATCH", "OPTIONS", "PROPFIND", "QUERY"]) {
      const answer = await fetch(site.url + path, { method });
      // Other sites' scripts may read these, and ask first.
      if (method === "OPTIONS" && path.endsWith(".json") && answer.status === 204) continue;
      assert.ok([404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
      assert.ok(answer.status === 404 || answer.headers.get("allow"), `${method} ${path} does not say what is allowed`);
    }
  }
  for (const line of ["TRACE / HTTP/1.1", "CONNECT example.org:80 HTTP/1.1", "GET http://example.org/ HTTP/1.1", "get / HTTP/1.1", "KITE / HTTP/1.1"]) {
    const answer = await raw(site, [`${line}\r\nHost: x\r\nX-Secret: kite\r\nConnection: close\r\n\r\n`]);
    assert.ok(answer.statuses.length === 1, line);
    assert.doesNotMatch(answer.text, /X-Secret/i, "the request was echoed");
  }
  assert.equal((await site.read(link)).state, "live");
});

test("Markdown nested ten thousand deep, in any way, is posted and read in no time", async () => {
  const deep = 10_000;
  for (const [what, text] of Object.entries({
    quotes: "> ".repeat(deep) + "kite",
    "quotes without spaces": ">".repeat(deep) + "kite",
    lists: "- ".repeat(deep) + "kite",
    "numbered lists": "1. ".repeat(deep) + "kite",
    "lists by indentation": Array.from({ length: 400 }, (_, level) => `${" ".repeat(level * 2)}- kite`).join("\n"),
    "quotes line by line": Array.from({ length: 1_000 }, (_, level) => `${">".repeat(level)} kite`).join("\n"),
    "quotes and lists": "> - ".repeat(deep) + "kite",
    brackets: "[".repeat(deep) + "kite" + "]".repeat(deep),
    "brackets over lines": "[\n".repeat(deep) + "kite",
    links: "[kite](".repeat(deep),
    "links closed": "[".repeat(deep) + "kite" + "](x)".repeat(deep),
    pictures: "![".repeat(deep) + "kite" + "](x)".repeat(deep),
    stars: "*".repeat(deep) + "kite" + "*".repeat(deep),
    "stars apart": "*a _b ".repeat(deep),
    "stars and underscores": "*_".repeat(deep) + "kite" + "_*".repeat(deep),
    tildes: "~~".repeat(deep) + "kite",
    backticks: Array.from({ length: 1_000 }, (_, n) => "`".repeat(n)).join("a"),
    tables: `${"|a".repeat(deep)}|\n${"|-".repeat(deep)}|\n${`${"|b".repeat(10)}|\n`.repeat(1_000)}`,
    references: Array.from({ length: deep }, (_, n) => `[${n}]: x`).join("\n") + "\n" + "[1]".repeat(deep),
    autolinks: "http://a.".repeat(deep),
    addresses: "a@a.a".repeat(deep),
    entities: "&amp;".repeat(deep) + "&#x0;".repeat(deep),
    html: "<div>".repeat(deep) + "</div>".repeat(deep),
  })) {
    const begun = Date.now();
    const { status, link, text: said } = await site.post([["text", text]]);
    assert.equal(status, 201, `${what}: ${said}`);
    const page = await fetch(link, { headers: { accept: "text/html" } });
    assert.equal(page.status, 200, what);
    assert.ok((await page.text()).length < 4_000_000, `${what}: the page is out of all proportion`);
    assert.ok(Date.now() - begun < 5_000, `${what}: ${Date.now() - begun} ms`);
  }
  await unharmed();
});

test("too much text, nothing but control characters, and piles of marks get what they deserve", async () => {
  const long = await site.post([["text", "kite ".repeat(2_000_000)]]);
  assert.equal(long.status, 413);
  assert.match(long.text, /^! .{10,}\n$/);
  const form = await fetch(site.url, { method: "POST", body: Object.entries({ text: "kite ".repeat(2_000_000), title: "Kept" }).reduce((all, [name, value]) => (all.append(name, value), all), new FormData()), headers: { accept: "text/html", "accept-language": "ar" } });
  assert.equal(form.status, 413);
  assert.match(await form.text(), /role="alert"/);

  const empty = await site.post([["text", "\0\x01\x02\x1b\x7f\u202e\ufeff \r\n\t"], ["title", "\0\u202e"]]);
  assert.equal(empty.status, 400, empty.text);

  const zalgo = "k\u0336\u0489\u0300\u0301".repeat(3) + "e" + "\u0301".repeat(50_000);
  const piled = await site.read((await site.post([["title", `z${"\u0336\u0489".repeat(300)}`], ["text", zalgo]])).link);
  assert.ok(piled.title.length < 20 && piled.text.length < 200, `${piled.title.length} and ${piled.text.length}`);

  const mixed = await site.read((await site.post([["title", "Kite\0\u202egpj.exe\x1b[31m"], ["text", "a\0b\x07c\u202ed"]])).link);
  assert.deepEqual([mixed.title, mixed.text], ["Kitegpj.exe[31m", "abcd"]);

  for (const broken of [Buffer.from([0xff, 0xfe, 0x6b, 0x69]), Buffer.from([0xc0, 0xaf]), Buffer.from([0xed, 0xa0, 0x80])]) {
    const body = multipart([["text", broken], ["title", "Kite"]]);
    const answer = await raw(site, [head([`Content-Length: ${body.length}`, "Connection: close"]), body]);
    assert.deepEqual(answer.statuses, [201]);
  }
});

test("a file's name is never a path, and hides nothing", async () => {
  for (const [name, shown] of [
    ["../../etc/passwd", "passwd"],
    ["C:\\\\Users\\\\me\\\\kite.exe", "kite.exe"],
    ["kite\u202egpj.exe", "kitegpj.exe"],
    ["...", "file"],
    ["-rf.jpg", "-rf.jpg"],
    ["x".repeat(5_000), "x".repeat(100)],
    ["طائرة.jpg", "طائرة.jpg"],
  ]) {
    const body = multipart([["file", "words", name]]);
    const answer = await raw(site, [head([`Content-Length: ${body.length}`, "Connection: close"]), body]);
    const text = Buffer.from(answer.text, "latin1").toString("utf8");
    assert.deepEqual(answer.statuses, [415], `${name}: ${text}`);
    assert.ok(text.includes(`\r\n! ${shown}: `), `${name}: ${text}`);
  }
  // curl -T names a file in the address.
  const put = await fetch(`${site.url}/${encodeURIComponent("../../kite\u202e.exe")}`, { method: "PUT", body: "words" });
  assert.match(await put.text(), /^! kite\.exe: /);
});

test("a thousand parts are answered, and one more is too many", async () => {
  const files = await site.post(Array.from({ length: 998 }, (_, n) => ["file", { name: `${n}.jpg`, bytes: Buffer.from("words") }]).concat([["text", "Kept"]]));
  assert.equal(files.status, 201);
  assert.equal(files.refused.length, 998);
  const many = await site.post(Array.from({ length: 1_001 }, () => ["caption", "x"]));
  assert.equal(many.status, 413, many.text);
  await unharmed();
});

test("files that lie about what they are, are torn, or are bombs are refused, and the post's words stay", async () => {
  const png = (width, height, data = "789c030000000001") => {
    const number = (value) => Buffer.from(value.toString(16).padStart(8, "0"), "hex");
    const chunk = (type, body) => {
      const named = Buffer.concat([Buffer.from(type), body]);
      return Buffer.concat([number(body.length), named, number(crc32(named))]);
    };
    const ihdr = Buffer.alloc(13);
    ihdr.writeUInt32BE(width, 0);
    ihdr.writeUInt32BE(height, 4);
    ihdr.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", ihdr), chunk("IDAT", Buffer.from(data, "hex")), chunk("IEND", Buffer.alloc(0))]);
  };
  const posted = await site.post([
    ["text", "Kept"],
    ["file", { name: "empty.jpg", bytes: Buffer.alloc(0) }],
    ["file", { name: "words.png", bytes: Buffer.from("words") }],
    ["file", { name: "page.jpg", bytes: Buffer.from("<!doctype html><script>alert(1)</script>") }],
    ["file", { name: "picture.svg", bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") }],
    ["file", { name: "archive.mp4", bytes: Buffer.from("504b0304140000000800", "hex") }],
    ["file", { name: "torn.jpg", bytes: photo.subarray(0, 5_000) }],
    ["file", { name: "huge.png", bytes: png(30_000, 30_000) }],
    ["file", { name: "whole.jpg", bytes: photo }],
  ]);
  assert.equal(posted.status, 201);
  const names = posted.refused.map((line) => /^! ([^:]+): /.exec(line)[1]);
  for (const name of ["empty.jpg", "words.png", "page.jpg", "picture.svg", "archive.mp4"]) assert.ok(names.includes(name), `${name} was taken`);
  const { media, text } = await site.settled(posted.link);
  assert.equal(text, "Kept");
  assert.deepEqual(media.map(({ state, problem }) => [state, problem]), [["refused", "corrupt"], ["refused", "too_many_pixels"], ["ready", null]].slice(-media.length));
  for (const medium of media.filter(({ state }) => state === "refused")) assert.deepEqual([medium.original, medium.variants], [null, []]);
});

test("a link is not fooled by the host, the address or the language that a request claims", async () => {
  for (const host of ["evil.example\"><script>", "a b", "evil.example/x", "x".repeat(300)]) {
    const body = multipart([["text", "kite"]]);
    const answer = await raw(site, [`POST / HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: evil.example\r\nContent-Type: multipart/form-data; boundary=kite\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`, body]);
    assert.ok([201, 400].includes(answer.statuses[0]), host);
    assert.doesNotMatch(answer.text, /evil/);
  }
  for (const back of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX-Kite: 1"]) {
    const answer = await fetch(`${site.url}/language`, { method: "POST", body: new URLSearchParams({ lang: "ar", back }), redirect: "manual" });
    assert.equal(new URL(answer.headers.get("location"), site.url).origin, site.url, back);
    assert.equal(answer.headers.get("x-kite"), null);
  }
});
