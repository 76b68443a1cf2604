// A site of its own for each test file: the real program on a free loopback port, with its data in a temporary directory.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = process.env.HANDBILL_BIN ?? new URL("../target/debug/handbill", import.meta.url).pathname;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

export class Site {
  static async start() {
    const site = new Site();
    site.home = mkdtempSync(join(tmpdir(), "handbill-e2e-"));
    site.port = await freePort();
    site.url = `http://127.0.0.1:${site.port}`;
    await site.serve();
    return site;
  }

  async serve() {
    this.child = spawn(program, ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", join(this.home, "data")], { cwd: this.home, stdio: "ignore" });
    this.ended = new Promise((done) => this.child.once("exit", done));
    for (let tries = 0; tries < 150; tries++) {
      if (await fetch(`${this.url}/healthz`).then((answer) => answer.ok, () => false)) return;
      await sleep(100);
    }
    throw new Error("the site did not start within 15 seconds");
  }

  // Only ever the process that this site started.
  async kill(signal = "SIGKILL") {
    this.child.kill(signal);
    await this.ended;
  }

  async stop() {
    await this.kill("SIGTERM");
    rmSync(this.home, { recursive: true, force: true });
  }

  // Waits until no medium of the post is on its way any more.
  async settled(link) {
    const path = new URL(link).pathname;
    for (let tries = 0; tries < 300; tries++) {
      const post = await fetch(`${this.url}${path}.json`).then((answer) => answer.json());
      if (post.media.every((medium) => ["ready", "refused"].includes(medium.state))) return post;
      await sleep(200);
    }
    throw new Error(`media of ${path} were not ready within a minute`);
  }

  // A photo as a phone makes it: with a place, a maker and a time in it.
  photo(name = "photo.jpg") {
    const path = join(this.home, name);
    execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "mandelbrot=size=1200x900", "-frames:v", "1", path]);
    execFileSync("exiftool", ["-q", "-overwrite_original", "-GPSLatitude=36.2", "-GPSLatitudeRef=N", "-GPSLongitude=37.16", "-GPSLongitudeRef=E", "-Make=Kite", "-DateTimeOriginal=2026:01:02 03:04:05", path]);
    return path;
  }
}
