// Posting by curl and by the command line: what scripts of other people rely on.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Site } from "./site.mjs";

let site;
before(async () => (site = await Site.start()));
after(() => site?.stop());

const curl = (...args) => {
  const { stdout } = spawnSync("curl", ["-sS", "--max-time", "30", "-w", "%{http_code}", ...args, `${site.url}/`], { encoding: "utf8" });
  return { status: Number(stdout.slice(-3)), lines: stdout.slice(0, -3).trim().split("\n") };
};

for (const flags of [["-F", (path) => `file=@${path}`], ["-T", (path) => path]]) {
  test(`curl ${flags[0]} answers with the link, then the manage link`, async () => {
    const { status, lines } = curl(flags[0], flags[1](site.photo()));
    assert.equal(status, 201);
    assert.ok(lines[1].startsWith(`${lines[0]}/manage/`), lines.join("\n"));
    assert.equal((await site.settled(lines[0])).media[0].state, "ready");
  });
}

test("a file that is no medium is named with a reason, and the rest of the post is kept", () => {
  const words = join(site.home, "words.jpg");
  writeFileSync(words, "These are words.");
  const both = curl("-F", `file=@${words}`, "-F", `file=@${site.photo()}`);
  assert.equal(both.status, 201);
  assert.match(both.lines[2], /^! words\.jpg: ./);
  const alone = curl("-F", `file=@${words}`);
  assert.ok([400, 413, 415].includes(alone.status));
  assert.match(alone.lines[0], /^! words\.jpg: ./);
});
