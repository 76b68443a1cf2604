// Somebody who decides, as the journeys need them: codes of an app of our own (RFC 6238), and enrolling by a link.
import { createHmac } from "node:crypto";

export const password = "kites over the grey sea";

/** What an app shows: the code of the half minute that `step` is. */
export function code(key, step = Math.floor(Date.now() / 30_000)) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(" ", "")].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const bytes = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", bytes).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export const field = (page, name) => page.locator(`form [name=${name}]:not([type=hidden]):not([readonly])`);

export async function enrol(page, address) {
  await page.goto(address);
  const key = await page.locator(".secret-key").textContent();
  await field(page, "password").fill(password);
  await field(page, "code").fill(code(key));
  await page.locator("form[action*=enrol] button.primary").click();
  await page.waitForURL(`${new URL(address).origin}/console`);
  return key;
}

/** An authenticator of its own, as a phone or a computer has one. */
export async function authenticator(page) {
  const wire = await page.context().newCDPSession(page);
  await wire.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await wire.send("WebAuthn.addVirtualAuthenticator", { options });
  return { wire, authenticatorId };
}
