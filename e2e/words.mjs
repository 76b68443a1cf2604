// The site's own words, so that a test asks for what a reader of that language is told.
import { readFileSync } from "node:fs";

const read = (locale) => Object.fromEntries(readFileSync(new URL(`../crates/web/locales/${locale}.ftl`, import.meta.url), "utf8").split("\n").map((line) => /^([a-z0-9-]+) = (.+)$/.exec(line)).filter(Boolean).map(([, key, words]) => [key, words]));

const all = { en: read("en"), ar: read("ar"), pl: read("pl") };

/** The words of `key`; a mistyped or removed key is an error, not an empty string. */
export function words(locale, key) {
  const found = all[locale][key];
  if (!found) throw new Error(`${locale}.ftl has no plain message ${key}`);
  return found;
}
