// A worker of its own: derives keys until one begins as a challenge says (ALTCHA, version 2). It tells how far it is, and is ended when
// nobody wants the answer any more.

import type { Challenge, Solution } from "./proof.js";

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (all: Uint8Array) => Array.from(all, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Tries between two words to the page. */
const TOLD_EVERY = 16;

async function solve({ cost, nonce, salt, keyLength, keyPrefix }: Challenge["parameters"]): Promise<Solution> {
  const [password, salted, prefix] = [new Uint8Array(20), bytes(salt), bytes(keyPrefix)];
  password.set(bytes(nonce));
  const counted = new DataView(password.buffer, 16);
  for (let counter = 0; ; counter++) {
    if (counter % TOLD_EVERY === 0) postMessage({ counter });
    counted.setUint32(0, counter);
    const material = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const key = new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: salted, iterations: cost }, material, keyLength * 8));
    if (prefix.every((byte, at) => byte === key[at])) return { counter, derivedKey: hex(key) };
  }
}

onmessage = async ({ data }: MessageEvent<Challenge>) => postMessage({ solution: await solve(data.parameters) });
