// A browser's first visit: the composer and everything that it makes a browser fetch, in bytes on the wire, heads included.
import { connect } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { handbill } from "./programs.mjs";

export async function measure() {
  const site = await handbill();
  try {
    const sizes = {};
    const wanted = ["/"];
    for (const path of wanted) {
      const { bytes, type, text } = await transfer(site, path);
      sizes[path] = bytes;
      for (const next of type.includes("html") ? linked(text) : type.includes("css") ? [...text.matchAll(/url\(["']?([^"')]+)/g)].map((match) => match[1]) : []) {
        const url = new URL(next, site.url + path);
        if (url.protocol !== "data:" && !wanted.includes(url.pathname)) wanted.push(url.pathname);
      }
    }
    const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    return [{ id: "first-page", what: `first page: ${wanted.length} answers, on the wire`, ours: total / 1000, unit: "kB", target: { at_most: 30 }, samples: sizes }];
  } finally {
    await site.stop();
  }
}

// What a browser fetches by itself.
function linked(html) {
  const of = (pattern) => [...html.matchAll(pattern)].map((match) => match[1]);
  const links = [...html.matchAll(/<link\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => /rel="?[^">]*(stylesheet|icon|preload|modulepreload|manifest)/.test(tag));
  return [...links.flatMap((tag) => tag.match(/href="?([^"> ]+)/)?.slice(1) ?? []), ...of(/<script\b[^>]*\bsrc="?([^"> ]+)/g), ...of(/<img\b[^>]*\bsrc="?([^"> ]+)/g)];
}

// One answer read off the socket, so that what is counted is what was sent.
function transfer(site, path) {
  const { hostname, port } = new URL(site.url);
  return new Promise((done, fail) => {
    const chunks = [];
    const socket = connect({ host: hostname, port: Number(port) }, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/html,*/*;q=0.8\r\nAccept-Language: en\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: close\r\n\r\n`));
    socket.on("error", fail);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => {
      const whole = Buffer.concat(chunks);
      const end = whole.indexOf("\r\n\r\n");
      const head = whole.subarray(0, end).toString();
      if (!head.startsWith("HTTP/1.1 200 ")) return fail(new Error(`${path}: ${head.split("\r\n")[0]}`));
      const header = (name) => head.match(new RegExp(`^${name}: *(.*)$`, "mi"))?.[1].trim() ?? "";
      const body = header("transfer-encoding") === "chunked" ? unchunked(whole.subarray(end + 4)) : whole.subarray(end + 4);
      const text = { br: brotliDecompressSync, gzip: gunzipSync }[header("content-encoding")]?.(body) ?? body;
      done({ bytes: whole.length, type: header("content-type"), text: text.toString() });
    });
  });
}

function unchunked(bytes) {
  const parts = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf("\r\n", at);
    const length = parseInt(bytes.subarray(at, line).toString(), 16);
    if (!length) return Buffer.concat(parts);
    parts.push(bytes.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
}
