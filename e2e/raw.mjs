// HTTP byte by byte, for requests that no client of good will sends.
import { once } from "node:events";
import { connect } from "node:net";

/**
 * Sends `parts` (strings, buffers, or numbers: milliseconds to wait), and gives what came back until the site closed the
 * connection, or until `seconds` have passed with nothing new (`closed` tells which). `half` ends our side after the last part.
 */
export function raw(site, parts, { seconds = 5, half = false } = {}) {
  return new Promise((done, failed) => {
    const begun = Date.now();
    const chunks = [];
    const socket = connect(site.port, "127.0.0.1");
    const closed = new Promise((on) => socket.once("close", on));
    let sending = true;
    const finish = (closed) => {
      socket.destroy();
      const text = Buffer.concat(chunks).toString("latin1");
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      done({ text, statuses, closed, took: (Date.now() - begun) / 1000 });
    };
    socket.setTimeout(seconds * 1000, () => !sending && finish(false));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => finish(true));
    // The site may cut us off while we still talk: that is an answer too.
    socket.on("error", (error) => (["ECONNRESET", "EPIPE"].includes(error.code) ? finish(true) : failed(error)));
    socket.on("connect", async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        if (typeof part === "number") await new Promise((on) => setTimeout(on, part));
        else if (!socket.write(part)) await Promise.race([once(socket, "drain"), closed]).catch(() => {});
      }
      sending = false;
      if (half) socket.end();
    });
  });
}

const BOUNDARY = "kite";

/** A multipart body of [name, value] or [name, value, file name] parts. */
export function multipart(parts) {
  const bodies = parts.map(([name, value, file]) => [`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file === undefined ? "" : `; filename="${file}"`}\r\n\r\n`, value, "\r\n"]);
  return Buffer.concat([...bodies.flat(), `--${BOUNDARY}--\r\n`].map((part) => Buffer.from(part)));
}

/** The head of a request that posts a multipart body. */
export const head = (lines, method = "POST / HTTP/1.1") => [method, "Host: 127.0.0.1", `Content-Type: multipart/form-data; boundary=${BOUNDARY}`, ...lines, "", ""].join("\r\n");
