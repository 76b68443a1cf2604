// Fingerprints beside those of others: PyPI pdqhash, vpdq, py-tlsh, and the command of threatexchange, which reads what a bank gives out.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Samples } from "./samples.mjs";
import { Site } from "./site.mjs";

const program = process.env.HANDBILL_BIN ?? new URL("../target/debug/handbill", import.meta.url).pathname;
const peers = process.env.PEERS;
const options = { skip: peers ? false : "what others hash with is not here; xtask said why" };

let site, samples;
before(async () => {
  site = await Site.start();
  samples = new Samples(site.home);
});
after(() => site?.stop());

const ffmpeg = (name, ...args) => {
  const path = join(samples.home, name);
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...args, path]);
  return path;
};
const python = (...args) => execFileSync("python3", args, { encoding: "utf8", env: { ...process.env, PYTHONPATH: peers, HOME: site.home } });
const others = (files) => JSON.parse(python(new URL("peers.py", import.meta.url).pathname, ...files));
const ours = (files) => execFileSync(program, ["hash", "--json", ...files], { encoding: "utf8" }).trim().split("\n").map(JSON.parse);
const bank = (...args) => execFileSync(program, ["bank", ...args, "--data", site.data], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** How many bits of two hashes differ. */
const apart = (a, b) => (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll("0", "").length;
const scene = (number) => ["-f", "lavfi", "-i", `mandelbrot=size=1200x900:start_scale=${3 / number ** 3}:start_x=${-0.74 - number / 500}`, "-frames:v", "1"];

test("photos have the hash that pdqhash gives them", options, () => {
  const files = [...["rgb24", "gray", "rgba", "pal8"].map((form) => ffmpeg(`${form}.png`, ...scene(1), "-pix_fmt", form)), ...[1, 2, 3].flatMap((number) => [2, 4, 6].map((q) => ffmpeg(`${number}-${q}.jpg`, ...scene(number), "-vf", "eq=saturation=0.4", "-q:v", String(q))))];
  files.push(ffmpeg("thin.png", ...scene(2), "-vf", "scale=31:700"), ffmpeg("tiny.png", ...scene(2), "-vf", "scale=5:5"));
  const [told, expected] = [ours(files), others(files)];
  assert.ok(expected.filter((one) => one.quality >= 80).length >= 12, JSON.stringify(expected));
  for (const [place, file] of files.entries()) {
    if (expected[place].quality < 80) continue;
    // Of colours the brightness is rounded before it is hashed here, and of JPEGs it is taken as it stands in them: where colours are stronger than
    // RGB can say, which those of photos hardly are, others cut them off before they make brightness of them.
    const bits = apart(told[place].pdq.hash, expected[place].hash);
    assert.ok(bits <= (file.endsWith("gray.png") ? 0 : 2), `${file}: ${bits} bits`);
    assert.equal(told[place].pdq.quality, expected[place].quality, file);
  }
});

test("frames of videos have the hash that vpdq gives them, or nearly", options, () => {
  const sizes = ["320x240", "640x360", "1280x720", "480x854", "1920x1080"];
  const films = sizes.map((size) => ffmpeg(`${size}.mp4`, "-f", "lavfi", "-i", `mandelbrot=size=${size}:rate=4:end_scale=0.05`, "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"));
  const [told, expected] = [ours(films), others(films)];
  const bits = films.flatMap((film, place) => {
    assert.ok(told[place].frames.length >= 2, film);
    return told[place].frames.map((frame) => {
      const same = expected[place].frames.find((other) => Math.abs(other.time_ms - frame.time_ms) < 60);
      assert.ok(same, `${film}: no frame at ${frame.time_ms}`);
      return apart(frame.hash, same.hash);
    });
  });
  assert.ok(Math.max(...bits) <= 12, `${bits}`);
  assert.ok(bits.filter((bits) => bits <= 4).length >= 0.75 * bits.length, `${bits}`);
});

test("texts have the TLSH that py-tlsh gives them", options, () => {
  const text = join(samples.home, "text.txt");
  writeFileSync(text, "الطائرة الورقية الحمراء تحلق فوق المرفأ. The red kite flies over the harbour, every morning, until nobody looks at it any more. ".repeat(3));
  assert.equal(ours([text])[0].tlsh, others([text])[0].tlsh);
});

test("what a bank gives out is read by threatexchange, which then finds the same", options, () => {
  const known = [1, 2, 3].map((number) => ffmpeg(`known-${number}.png`, ...scene(number)));
  const [copy, other] = [ffmpeg("copy.jpg", "-i", known[1], "-vf", "scale=700:-1", "-q:v", "8"), samples.picture("other.png")];
  bank("create", "kites", "--on-match", "log");
  bank("add", "kites", ...known);
  const list = join(site.home, "list.txt");
  writeFileSync(list, bank("export", "kites"));
  const threatexchange = (...args) => python("-m", "threatexchange.cli.main", ...args);
  threatexchange("config", "collab", "edit", "local_file", "--create", "kites", "--filename", list);
  threatexchange("fetch");
  const search = spawnSync(program, ["search", "--json", "--list", list, copy, other], { encoding: "utf8" });
  assert.equal(search.status, 0, search.stderr);
  const [found, nothing] = search.stdout.trim().split("\n").map(JSON.parse);
  assert.equal(found.matches[0].by, "pdq");
  assert.match(threatexchange("match", "photo", copy), new RegExp(`^pdq ${found.matches[0].distance} \\(kites\\)`, "m"));
  assert.deepEqual(nothing.matches, []);
  assert.equal(threatexchange("match", "photo", other).trim(), "");
});

test("videos and links that a bank gives out are read by threatexchange as well, and texts by another bank", options, () => {
  const film = ffmpeg("film.mp4", "-f", "lavfi", "-i", "mandelbrot=size=640x360:rate=4:end_scale=0.05", "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
  const smaller = ffmpeg("smaller.mp4", "-i", film, "-vf", "scale=480:-2", "-c:v", "libx264", "-preset", "ultrafast");
  const other = ffmpeg("other.mp4", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=4", "-t", "3", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
  const words = "The red kite flies over the old harbour every morning, and the children on the quay watch until it is gone. ".repeat(3);
  const [text, told] = [join(samples.home, "words.txt"), join(samples.home, "told.txt")];
  writeFileSync(text, words);
  writeFileSync(told, `url HTTPS://www.kites.example:443/Red/?utm_source=me\nvideo_sha256 ${"7".repeat(64)}\ndomain strings.example\n`);
  bank("create", "all", "--on-match", "log");
  bank("add", "all", film, text);
  bank("import", "all", told);
  const exported = bank("export", "all");
  const kinds = [...new Set(exported.trim().split("\n").map((line) => line.split(" ")[0]))].sort();
  assert.deepEqual(kinds, ["domain", "text_sha256", "text_tlsh", "url", "video_md5", "video_sha256", "vpdq"]);
  // What one bank gives out is the same in another.
  const again = join(site.home, "all.txt");
  writeFileSync(again, exported);
  bank("create", "again", "--on-match", "log");
  bank("import", "again", again);
  assert.deepEqual(bank("export", "again").split("\n").sort(), exported.split("\n").sort());

  const threatexchange = (...args) => python("-m", "threatexchange.cli.main", ...args);
  // Its extension for TLSH makes no index (1.2.17), so of texts nothing is asked here: py-tlsh reads them above.
  threatexchange("config", "extensions", "add", "threatexchange.extensions.vpdq.manifest");
  threatexchange("config", "collab", "edit", "local_file", "--create", "all", "--filename", again);
  threatexchange("fetch");
  assert.match(threatexchange("match", "video", film), /^video_md5 .*\(all\)/m);
  assert.match(threatexchange("match", "video", smaller), /^vpdq .*\(all\)/m);
  assert.equal(threatexchange("match", "video", other).trim(), "");
  assert.match(threatexchange("match", "url", "--", "https://kites.example/Red"), /^url .*\(all\)/m);
  const search = spawnSync(program, ["search", "--json", "--list", again, film, smaller, other, text], { encoding: "utf8" });
  const by = search.stdout.trim().split("\n").map((line) => JSON.parse(line).matches.map((match) => match.by).sort());
  assert.deepEqual([by[0].includes("exact"), by[1], by[2], by[3].includes("tlsh")], [true, ["frames"], [], true], search.stdout);
});
