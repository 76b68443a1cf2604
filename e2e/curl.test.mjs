// Posting by curl: what scripts of other people rely on, exactly as it is promised.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

let site, samples;
before(async () => {
  site = await Site.start({ settings: { LIMITS__FILE_BYTES: 3_000_000, LIMITS__FILES_PER_POST: 5 } });
  samples = new Samples(site.home);
});
after(() => site?.stop());

/** Runs curl against the site's root. */
function curl(...args) {
  const done = spawnSync("curl", ["-sS", "--max-time", "30", "-D", join(site.home, "head"), "-w", "%{http_code}", ...args, `${site.url}/`], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  const body = done.stdout.slice(0, -3);
  return { status: Number(done.stdout.slice(-3)), body, lines: body.split("\n"), head: readFileSync(join(site.home, "head"), "utf8").toLowerCase() };
}

/** The answer that hands out a link and a manage link and nothing else. */
function given({ status, body, head, lines: [link, manage] }) {
  assert.equal(status, 201, body);
  assert.match(head, /content-type: text\/plain; charset=utf-8/);
  assert.match(head, /cache-control: no-store/);
  assert.equal(body, `${link}\n${manage}\n`);
  // No letter looks like another: 31 of them, so 13 are 64 bits and 26 are 128.
  assert.match(link, new RegExp(`^${site.url}/[a-hjkmnp-z2-9]{13}$`));
  assert.match(manage, new RegExp(`^${link}/manage/[a-hjkmnp-z2-9]{26}$`));
  return { link, manage };
}

test("curl -F posts a file", async () => {
  const { link, manage } = given(curl("-F", `file=@${samples.photo()}`));
  const post = await site.settled(link);
  assert.deepEqual(post.media.map((medium) => [medium.kind, medium.state]), [["photo", "ready"]]);
  assert.deepEqual([post.listed, post.sensitive, post.expires, post.title], [false, false, null, null]);
  assert.equal((await fetch(manage)).status, 200);
});

test("curl -T posts a file", async () => {
  const { link } = given(curl("-T", samples.photo()));
  assert.equal((await site.settled(link)).media[0].state, "ready");
});

test("curl -T - posts what comes by a pipe", async () => {
  const photo = readFileSync(samples.photo());
  const done = spawnSync("curl", ["-sS", "-T", "-", `${site.url}/piped.jpg`], { input: photo, encoding: "utf8" });
  assert.equal((await site.settled(done.stdout.split("\n")[0])).media[0].state, "ready");
});

test("every field goes with curl -F, captions and alternative texts in the order of the files", async () => {
  const { link } = given(curl(
    "-F", `file=@${samples.picture("one.png", "300x100")}`, "-F", "caption=First", "-F", "alt=One",
    "-F", `file=@${samples.picture("two.webp", "100x300")}`, "-F", "caption=", "-F", "alt=Two",
    "-F", `file=@${samples.film()};type=application/octet-stream`, "-F", "caption=Third",
    "-F", "title=Kites", "-F", "text=Over *the* hill", "-F", "language=pl", "-F", "listed=1", "-F", "sensitive=1", "-F", "expires=7d",
  ));
  const post = await site.settled(link);
  assert.deepEqual([post.title, post.text, post.language, post.listed, post.sensitive], ["Kites", "Over *the* hill", "pl", true, true]);
  assert.equal(Date.parse(post.expires) - Date.parse(post.created), 7 * 86_400_000);
  assert.deepEqual(
    post.media.map((medium) => [medium.kind, medium.width, medium.height, medium.caption, medium.alt]),
    [["photo", 300, 100, "First", "One"], ["photo", 100, 300, null, "Two"], ["video", 640, 360, "Third", null]],
  );
});

test("words alone are a post", async () => {
  const path = join(site.home, "kites.md");
  writeFileSync(path, "# Kites\n\nفوق التل\n");
  const { link } = given(curl("-F", `text=<${path}`));
  assert.equal((await site.read(link)).text, "# Kites\n\nفوق التل");
});

test("Accept: application/json is answered with JSON", async () => {
  const { status, body, head } = curl("-H", "Accept: application/json", "-F", `file=@${samples.words()}`, "-F", `file=@${samples.photo()}`);
  assert.equal(status, 201);
  assert.match(head, /content-type: application\/json/);
  const { url, manage_url, refused, ...rest } = JSON.parse(body);
  assert.deepEqual([refused, rest], [[{ name: "words.jpg", problem: "not_media" }], { public: null }]);
  assert.ok(manage_url.startsWith(`${url}/manage/`));
  assert.equal((await site.settled(url)).media.length, 1);
});

test("a file that is refused is named with a reason, and the rest of the post is kept", async () => {
  writeFileSync(join(site.home, "empty.jpg"), "");
  const { status, lines } = curl("-F", `file=@${samples.words()}`, "-F", `file=@${samples.photo()}`, "-F", `file=@${join(site.home, "empty.jpg")}`);
  assert.equal(status, 201);
  assert.match(lines[2], /^! words\.jpg: .{10,}/);
  assert.match(lines[3], /^! empty\.jpg: .{10,}/);
  assert.deepEqual([lines[4], lines.length], ["", 5]);
  assert.equal((await site.read(lines[0])).media.length, 1);
});

test("if nothing is left to post, the status and the ! lines say why", () => {
  const large = join(site.home, "large.jpg");
  writeFileSync(large, Buffer.concat([readFileSync(samples.photo()), Buffer.alloc(3_000_000)]));
  writeFileSync(join(site.home, "nothing.png"), "");
  for (const [args, status] of [
    [["-F", `file=@${samples.words()}`], 415],
    [["-T", samples.words()], 415],
    [["-F", `file=@${large}`], 413],
    [["-T", large], 413],
    [["-F", `file=@${join(site.home, "nothing.png")}`], 400],
    [["-F", "text="], 400],
    [["-d", "text=hello"], 415],
    [["-H", "Content-Type: multipart/form-data", "--data-binary", "x"], 415],
  ]) {
    const answer = curl(...args);
    assert.equal(answer.status, status, `${args.join(" ")}: ${answer.body}`);
    assert.match(answer.body, /^(! .{5,}\n)+$/, args.join(" "));
  }
});

test("a sixth file, where five may be posted, is refused by name and the five are kept", async () => {
  const picture = samples.picture("card.png");
  const { status, lines } = curl(...Array.from({ length: 6 }, (_, n) => ["-F", `file=@${picture};filename=${n + 1}.png`]).flat());
  assert.equal(status, 201);
  assert.match(lines[2], /^! 6\.png: /);
  assert.equal((await site.read(lines[0])).media.length, 5);
});

test("a field that is not built yet, or that nobody knows, is refused with words and never ignored", () => {
  for (const [field, named] of [[`password=${"x".repeat(300)}`, "password"], ["views=0", "openings"], ["colour=red", ""], ["listed=perhaps", "Listed"], ["expires=10 years", ""], ["language=???", "language"]]) {
    const plain = curl("-F", "text=hello", "-F", field);
    assert.equal(plain.status, 400, field);
    assert.match(plain.body, /^! .{10,}\n$/);
    assert.ok(plain.body.includes(named), plain.body);
    const json = curl("-H", "Accept: application/json", "-F", "text=hello", "-F", field);
    assert.equal(json.status, 400);
    assert.match(json.head, /content-type: application\/problem\+json/);
    const { type, title, status } = JSON.parse(json.body);
    assert.ok(type.startsWith("/problems/") && title.length > 10 && status === 400, json.body);
  }
  const empty = curl("-F", "text=hello", "-F", "password=", "-F", "views=");
  assert.equal(empty.status, 201, "an empty field asks for nothing");
});

test("a reason is told in the language that was asked for", () => {
  const { body } = curl("-H", "Accept-Language: ar", "-F", `file=@${samples.words()}`);
  assert.match(body, /^! words\.jpg: .*[\u0600-\u06ff]/);
});
