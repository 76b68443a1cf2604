// What this browser keeps of posts that are under way: which uploads were begun, the files where it may hold them, and what to publish
// once there is a line. On this device only. Where storage is switched off, everything still works, and a reload forgets.

export interface Wish {
  title: string;
  text: string;
  language: string | null;
  listed: boolean;
  sensitive: boolean;
  password: string | null;
  expires: string;
  views: number | null;
}

/** A post under way. */
export interface Parcel {
  id: string;
  created: number;
  /** draft: being written; waiting: to be published once there is a line; published: files may still be on their way. */
  state: "draft" | "waiting" | "published";
  /** Made on this device, so that a lost answer neither doubles the post nor loses its manage link. */
  key: string;
  secret: string;
  wish?: Wish;
  url?: string;
  manage?: string;
  /** The id of the post whose manage page this is of: its files are added to it, and Publish is its Save. */
  edits?: string;
  /** Why the site did not want it: it is a draft again. */
  refused?: string;
  /** Its links were shown to its poster: once its files have arrived there is nothing to keep it for. */
  seen?: boolean;
}

/** A file of a parcel. */
export interface Kept {
  id: string;
  parcel: string;
  place: number;
  name: string;
  size: number;
  type: string;
  modified: number;
  upload: string;
  arrived: boolean;
  caption: string;
  alt: string;
  sensitive: boolean;
  /** The id of the video in whose place it stands before that plays; it is not shown by itself. */
  stillOf?: string;
  /** The file itself; left out where it is too large to be kept twice. */
  file?: File;
  /** A small picture of it, for when the file is not there any more. */
  thumb?: Blob;
}

/** Larger files are asked for again after a reload: a browser would copy them. */
const HELD = 64 << 20;

let opened: Promise<IDBDatabase> | undefined;
const database = () =>
  (opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("handbill", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("parcels", { keyPath: "id" });
      request.result.createObjectStore("files", { keyPath: "id" }).createIndex("parcel", "parcel");
    };
    request.onsuccess = () => {
      // Whoever wants to remove it may: another tab after "clear site data", or a later version of this file.
      request.result.onversionchange = () => request.result.close();
      done(request.result);
    };
    request.onerror = request.onblocked = () => failed(request.error);
  }));

async function work<Result>(stores: string[], mode: IDBTransactionMode, deed: (at: (name: string) => IDBObjectStore) => IDBRequest<Result>): Promise<Result | undefined> {
  try {
    const transaction = (await database()).transaction(stores, mode);
    const request = deed((name) => transaction.objectStore(name));
    return await new Promise((done, failed) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } catch {
    return undefined;
  }
}

export const keepParcel = (parcel: Parcel) => work(["parcels"], "readwrite", (at) => at("parcels").put(parcel));

/** `most` is the size up to which the file itself is kept. */
export async function keepFile(kept: Kept, most = HELD): Promise<void> {
  const { file, ...rest } = kept;
  const { thumb, ...bare } = rest;
  const put = (row: Kept) => work(["files"], "readwrite", (at) => at("files").put(row));
  // A file, or a picture, that cannot be stored (no room) must not cost the note of where its upload stands.
  const done = (file && file.size <= most && (await put(kept))) || (await put(rest));
  if (!done && thumb) await put(bare);
}

export const dropFile = (id: string) => work(["files"], "readwrite", (at) => at("files").delete(id));

export const parcels = async (): Promise<Parcel[]> => (await work<Parcel[]>(["parcels"], "readonly", (at) => at("parcels").getAll())) ?? [];

export async function filesOf(parcel: string): Promise<Kept[]> {
  const found = (await work<Kept[]>(["files"], "readonly", (at) => at("files").index("parcel").getAll(parcel))) ?? [];
  return found.sort((one, other) => one.place - other.place);
}

/** Lets go of what opens the posts at these addresses to changes; what is on its way goes on. */
export async function disown(urls: string[]): Promise<void> {
  for (const parcel of await parcels()) {
    if (!parcel.url || !urls.includes(parcel.url)) continue;
    delete parcel.manage;
    await keepParcel({ ...parcel, secret: "", key: "" });
  }
}

export async function dropParcel(id: string): Promise<void> {
  for (const file of await filesOf(id)) await dropFile(file.id);
  await work(["parcels"], "readwrite", (at) => at("parcels").delete(id));
}

/** A number that nobody guesses, of `bytes` bytes, as base64url. */
export function secret(bytes = 24): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)))).replaceAll("+", "-").replaceAll("/", "_");
}

export const newParcel = (): Parcel => ({ id: secret(12), created: Date.now(), state: "draft", key: secret(), secret: secret() });

/**
 * Runs `deed` while nothing else of this browser has this parcel in hand, neither another tab nor the worker. `deed` holds it until its
 * promise is settled. Gives false if somebody else has it.
 */
export async function alone(parcel: string, deed: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return deed().then(() => true);
  return navigator.locks.request(`handbill-${parcel}`, { ifAvailable: true }, async (lock) => {
    if (lock) await deed();
    return lock !== null;
  });
}
