// node bench/run.mjs [--only NAME]… [--quick] [--json]: measures, and prints one table. `cargo xtask bench` sets it up.
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";

const measures = ["first-page", "reading", "photo", "sandbox", "upload"];
// Only if they are named: they need a browser, and what the journeys need.
const named = ["desk"];

const { values: flags } = parseArgs({
  options: { only: { type: "string", multiple: true, default: [] }, quick: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});
const unknown = flags.only.filter((name) => ![...measures, ...named].includes(name));
if (unknown.length) {
  console.error(`There is no measure ${unknown.join(", ")}. There are: ${measures.join(", ")}.`);
  process.exit(2);
}

const rows = [];
const failed = [];
const [busy] = loadavg();
const started = performance.now();
for (const name of flags.only.length ? [...measures, ...named].filter((name) => flags.only.includes(name)) : measures) {
  console.error(`measuring: ${name} …`);
  try {
    const { measure } = await import(`./${name}.mjs`);
    rows.push(...(await measure(flags)).map(judged));
  } catch (error) {
    // The others still count, and what failed is said at the end as well.
    failed.push(`${name}: ${error.message}`);
    console.error(error);
  }
}
const machine = { cores: cpus().length, cpu: cpus()[0]?.model.trim(), memory_gib: Math.round(Number(readFileSync("/proc/meminfo", "utf8").match(/\d+/)[0]) / 2 ** 20), load_before: busy, seconds: Math.round((performance.now() - started) / 1000), quick: flags.quick };
if (flags.json) console.log(JSON.stringify({ machine, rows, failed }));
else print();
process.exitCode = failed.length ? 1 : 0;

// Adds the ratio, and whether the target is met.
function judged(row) {
  const ratio = row.beside && row.ours / row.beside.value;
  const { ratio_at_most, ratio_at_least, at_most, below } = row.target ?? {};
  const met = !row.target ? undefined : ratio_at_most !== undefined ? ratio <= ratio_at_most : ratio_at_least !== undefined ? ratio >= ratio_at_least : at_most !== undefined ? row.ours <= at_most : row.ours < below;
  return { ...row, ratio, met };
}

function print() {
  const number = (value) => (value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2));
  const target = ({ ratio_at_most, ratio_at_least, at_most, below } = {}) => (ratio_at_most !== undefined ? `≤ ${ratio_at_most}x` : ratio_at_least !== undefined ? `≥ ${ratio_at_least}x` : at_most !== undefined ? `≤ ${at_most}` : below !== undefined ? `< ${below}` : "");
  const table = [["what", "ours", "", "beside", "", "ratio", "target", ""]];
  for (const row of rows) {
    table.push([row.what, number(row.ours), row.unit, row.beside?.name ?? "", row.beside ? number(row.beside.value) : "", row.ratio === undefined ? "" : `${row.ratio.toFixed(2)}x`, target(row.target), row.met === undefined ? "" : row.met ? "met" : "MISSED"]);
  }
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  const right = [1, 4, 5];
  for (const cells of table) console.log(cells.map((cell, column) => (right.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join("  ").trimEnd());
  console.log(`\n${machine.cores} × ${machine.cpu}, ${machine.memory_gib} GiB; ${machine.seconds} s${flags.quick ? " (quick: too short to trust)" : ""}`);
  if (busy > 0.7) console.log(`The machine was busy before this began (load ${busy.toFixed(1)}): small differences mean nothing.`);
  for (const words of failed) console.log(`FAILED ${words}`);
}
