// A poor line between clients and the site: slow, cut at any moment, and sometimes dead without a word.
import { connect, createServer } from "node:net";
import { sleep } from "./site.mjs";

const SLICE = 4096;

export class Line {
  /** Bytes that went up to the site, with everything that is not the file. */
  sent = 0;
  #pairs = new Set();
  #isDown = false;
  #turn = Promise.resolve();
  #held = Promise.resolve();

  /** `rate`: bytes a second, for all who are on the line together. */
  static async to(site, rate = Infinity) {
    const line = new Line();
    line.rate = rate;
    line.server = createServer((client) => line.#join(client, connect(site.port, "127.0.0.1")));
    await new Promise((done) => line.server.listen(0, "127.0.0.1", done));
    line.url = `http://127.0.0.1:${line.server.address().port}`;
    return line;
  }

  #join(client, site) {
    const pair = { client, site, isDead: false };
    this.#pairs.add(pair);
    const end = () => {
      // Whoever is at the other end of a dead line hears nothing of it.
      if (pair.isDead) return;
      this.#pairs.delete(pair);
      client.destroy();
      site.destroy();
    };
    for (const socket of [client, site]) socket.on("error", () => {}).on("close", end);
    if (this.#isDown) return end();
    client.on("data", (bytes) => this.#carry(pair, client, site, bytes));
    site.on("data", (bytes) => this.#carry(pair, site, client, bytes));
  }

  async #carry(pair, from, to, bytes) {
    from.pause();
    for (let start = 0; start < bytes.length; start += SLICE) {
      const slice = bytes.subarray(start, start + SLICE);
      if (this.rate < Infinity) await (this.#turn = this.#turn.then(() => sleep((slice.length / this.rate) * 1000)));
      await this.#held;
      if (pair.isDead || to.destroyed) return;
      if (from === pair.client) this.sent += slice.length;
      if (!to.write(slice)) await new Promise((done) => to.once("drain", done).once("close", done));
    }
    from.resume();
  }

  /** Breaks every connection. What was carried so far has arrived. */
  cut() {
    for (const { client, site } of this.#pairs) {
      client.destroy();
      site.destroy();
    }
  }

  /** Nothing comes through for a while, and nobody is told; then it goes on as if nothing had been. */
  async pause(ms) {
    let release;
    this.#held = new Promise((done) => (release = done));
    await sleep(ms);
    release();
  }

  /** As when a phone goes out of reach: the site sees nothing, neither a byte nor an end; who begins anew has no luck. */
  down() {
    this.#isDown = true;
    for (const pair of this.#pairs) pair.isDead = true;
  }

  up() {
    this.#isDown = false;
  }

  close() {
    for (const pair of this.#pairs) pair.isDead = false;
    this.cut();
    return new Promise((done) => this.server.close(done));
  }
}
