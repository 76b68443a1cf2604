// Bundles the islands into crates/web/assets/dist, where the program's build finds and embeds them.
//
// An entry a page, named by content (`composer.1A2B3C4D.js`), and chunks that are loaded when they are needed. The service worker
// has one address for ever, so its name has no hash. What has not changed is not written again: cargo looks at the times of files.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../crates/web/assets/dist");
const common = { absWorkingDir: here, bundle: true, minify: true, write: false, metafile: true, target: ["es2022", "chrome105", "firefox115", "safari16.4"], legalComments: "none", logLevel: "warning", outdir: out };

const pages = await build({
  ...common,
  entryPoints: { composer: "src/composer.ts", console: "src/console.ts", desk: "src/desk.ts", manage: "src/manage.ts", pay: "src/pay.ts", post: "src/post.ts", solver: "src/solver.ts", watch: "src/watch.ts", photoswipe: "photoswipe/style.css" },
  format: "esm",
  splitting: true,
  entryNames: "[name].[hash]",
  chunkNames: "chunk.[hash]",
});
// The worker keeps the composer's parts for when there is no line, also those that no page has asked for yet.
const { outputs } = pages.metafile;
const reached = new Set();
const reach = (path) => {
  if (reached.has(path)) return;
  reached.add(path);
  outputs[path].imports.filter(({ external }) => !external).forEach(({ path: next }) => reach(next));
};
reach(Object.keys(outputs).find((path) => outputs[path].entryPoint === "src/composer.ts"));
const parts = [...reached].map((path) => basename(path)).sort();
const worker = await build({ ...common, entryPoints: { sw: "src/sw.ts" }, format: "iife", entryNames: "[name]", define: { PARTS: JSON.stringify(parts) } });

/** The licences of what was bundled, as they ask to be kept. */
function licences() {
  const inputs = [pages, worker].flatMap(({ metafile }) => Object.values(metafile.outputs)).flatMap((output) => Object.entries(output.inputs));
  const used = new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  const all = [...used].sort().map((name) => {
    const home = join(here, "node_modules", name);
    const file = readdirSync(home).find((entry) => /^licen[sc]e/i.test(entry));
    const { version, license } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(home, file), "utf8").trim() : license}\n`;
  });
  return Buffer.from(all.join("\n\n---\n\n"));
}

const files = new Map([...pages.outputFiles, ...worker.outputFiles].map((file) => [basename(file.path), Buffer.from(file.contents)]));
files.set("licences.txt", licences());
mkdirSync(out, { recursive: true });
for (const name of readdirSync(out)) if (!files.has(name)) rmSync(join(out, name), { recursive: true });
for (const [name, bytes] of files) {
  const path = join(out, name);
  const standing = (() => {
    try {
      return readFileSync(path);
    } catch {
      return null;
    }
  })();
  if (!standing?.equals(bytes)) writeFileSync(path, bytes);
}
console.log(`frontend: ${files.size} files in crates/web/assets/dist`);
