// The clipboard, where the browser lets a page at it.

/** Puts a promise of words into the clipboard. It has to be begun in the press of the button, before the words are known. */
export async function intoClipboard(words: Promise<string>): Promise<boolean> {
  try {
    if (typeof ClipboardItem !== "undefined" && navigator.clipboard?.write) {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": words.then((text) => new Blob([text], { type: "text/plain" })) })]);
    } else {
      await navigator.clipboard.writeText(await words);
    }
    return true;
  } catch {
    return false;
  }
}
