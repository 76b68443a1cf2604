// The service worker. It makes the composer open without a line, takes what other apps share, and publishes what waits for a line,
// also when no page is open. It keeps the composer and its parts, and nothing else: no post, no page, no medium ever.

import { PublishError, type Published, publish } from "./publish.js";
import { type Kept, type Parcel, alone, filesOf, keepFile, keepParcel, newParcel, parcels, secret } from "./shelf.js";
import { Upload } from "./tus.js";
import { workerWire } from "./wire.js";

/** The names of the composer's scripts, written in by the build. */
declare const PARTS: string[];

/** What the DOM's types do not know of a worker. */
interface Extended extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Extended {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
const worker = self as unknown as {
  addEventListener(name: "install" | "activate" | "sync", deed: (event: Extended) => void): void;
  addEventListener(name: "fetch", deed: (event: Asked) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
};

const CACHE = "composer";
const PAGE = "/";
/** A line that is there and does not move must not keep anybody from writing. */
const PATIENCE_MS = 4_000;

worker.addEventListener("install", (event) => event.waitUntil(refresh().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("sync", (event) => event.waitUntil(deliver()));
worker.addEventListener("fetch", (event) => {
  const { method, url, mode } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST" && pathname === "/share") event.respondWith(share(event.request));
  else if (method === "GET" && pathname === PAGE && mode === "navigate") event.respondWith(page(event, search === ""));
  else if (method === "GET" && pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
});

/** Fetches the page and everything that it names; drops what it no longer names. */
async function refresh(answer?: Response): Promise<void> {
  const fresh = answer ?? (await fetch(PAGE, { cache: "no-cache" }));
  if (!fresh.ok) return;
  const html = await fresh.clone().text();
  const wanted = [...new Set([...[...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path as string), ...PARTS.map((name) => `/assets/${name}`)])];
  const cache = await caches.open(CACHE);
  await Promise.all(wanted.map(async (path) => (await cache.match(path)) ?? cache.add(path)));
  // Last: a page in the cache has all its parts there.
  await cache.put(PAGE, fresh);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== PAGE && !wanted.includes(pathname)) await cache.delete(url);
  }
}

/** The page as it is now, or, without a line, as it was last. */
async function page(event: Asked, keep: boolean): Promise<Response> {
  const cache = await caches.open(CACHE);
  const last = await cache.match(PAGE, { ignoreVary: true });
  try {
    const slow = last && new Promise<never>((_, failed) => setTimeout(() => failed(new Error("slow")), PATIENCE_MS));
    const answer = await Promise.race([fetch(event.request), ...(slow ? [slow] : [])]);
    if (keep && answer.ok) event.waitUntil(refresh(answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    if (last) return last;
    throw error;
  }
}

/** Their names change with their content, so what is kept is right for ever. */
const asset = async (request: Request) => (await (await caches.open(CACHE)).match(request.url, { ignoreVary: true })) ?? fetch(request);

/** What another app shares is laid into the composer. Where it cannot be kept, the site makes a post of it as it is. */
async function share(request: Request): Promise<Response> {
  const untouched = request.clone();
  try {
    const data = await request.formData();
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const parcel: Parcel = { ...newParcel(), wish: { title: text("title"), text: [text("text"), text("url")].filter(Boolean).join("\n\n"), language: null, listed: false, sensitive: false, password: null, expires: "never", views: null } };
    const files = data.getAll("file").filter((one): one is File => one instanceof File && one.size > 0);
    const kept = files.map((file, place): Kept => ({ id: secret(9), parcel: parcel.id, place, name: file.name, size: file.size, type: file.type, modified: file.lastModified, upload: "", arrived: false, caption: "", alt: "", sensitive: false, file }));
    for (const one of kept) await keepFile(one, Infinity);
    await keepParcel(parcel);
    if (!(await parcels()).some(({ id }) => id === parcel.id) || (await filesOf(parcel.id)).some(({ file }) => !file)) throw new Error("nothing can be kept");
    return Response.redirect(PAGE, 303);
  } catch {
    return fetch(untouched);
  }
}

/** Publishes what waits, and sends its files. What fails for want of a line is tried again by the browser, which calls this. */
async function deliver(): Promise<void> {
  for (const parcel of await parcels()) {
    if (parcel.state === "draft") continue;
    // A page that has it in hand does it itself, with all to be seen.
    await alone(parcel.id, () => send(parcel));
  }
}

async function send(parcel: Parcel): Promise<void> {
  const files = (await filesOf(parcel.id)).filter(({ file, upload }) => file ?? upload);
  const uploads = new Map<string, Upload>();
  for (const kept of files) {
    if (!kept.file) continue;
    const upload = new Upload(kept.file, workerWire);
    upload.url = kept.upload;
    uploads.set(kept.id, upload);
    if (kept.upload) continue;
    await upload.create();
    await keepFile({ ...kept, upload: (kept.upload = upload.url) }, Infinity);
  }
  if (parcel.state === "waiting") {
    let given: Published;
    try {
      given = await publish(workerWire, parcel, files.filter(({ upload }) => upload), { once: true });
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      // It is a draft again, and the composer says why when it is opened.
      Object.assign(parcel, { state: "draft", key: secret(), refused: error.words });
      await keepParcel(parcel);
      return;
    }
    Object.assign(parcel, { state: "published", ...given });
    // The password has done its work.
    if (parcel.wish) parcel.wish.password = null;
    await keepParcel(parcel);
  }
  for (const kept of files) {
    await uploads.get(kept.id)?.send();
    if (kept.file) await keepFile({ ...kept, arrived: true }, 0);
  }
}
