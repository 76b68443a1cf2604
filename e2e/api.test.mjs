// The API as Schemathesis takes it, from its own description: what it allows, what it forbids, and what lies between, thousands of times.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { Site } from "./site.mjs";

const unlimited = ["POSTS_PER_HOUR", "UPLOADS_PER_HOUR", "UPLOADS_OPEN", "BYTES_PER_DAY", "GUESSES_PER_HOUR", "GUESSES_PER_HOUR_AND_POST", "MANAGE_GUESSES_PER_HOUR"];
let site;
before(async () => {
  site = await Site.start({ settings: { SITE__NEWEST: true, ...Object.fromEntries(unlimited.map((budget) => [`FAIR_USE__${budget}`, 0])) } });
});
after(() => site?.stop());

test("Schemathesis finds no broken answer, and none that is not described", { timeout: 600_000 }, async () => {
  const at = (name) => new URL(name, import.meta.url).pathname;
  const told = [];
  const child = spawn(
    "python3",
    ["-m", "schemathesis.cli", "--config-file", at("schemathesis.toml"), "run", `${site.url}/api/openapi.json`, "--url", site.url, "--max-examples", process.env.EXAMPLES ?? "25", "--seed", "7", "--continue-on-failure", "--no-color"],
    { cwd: site.home, env: { ...process.env, PYTHONPATH: `${process.env.PYTHONPATH}:${at(".")}`, PYTHONDONTWRITEBYTECODE: "1" } },
  );
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => told.push(chunk));
  const code = await new Promise((done) => child.once("exit", done));
  const said = Buffer.concat(told).toString();
  assert.equal(code, 0, said);
  // That it asked at all, and of every operation.
  const [, selected, tested] = said.match(/Selected: \d+\/(\d+)[^]*?Tested: (\d+)/) ?? [];
  assert.ok(Number(selected) >= 22 && selected === tested, said);
  const answers = Number(said.match(/(\d+) generated/)?.[1]);
  assert.ok(answers > 300, said);
});
