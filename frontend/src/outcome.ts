// After Publish: the link, at once; how it may go on from here; and the files that are still on their way.

import * as mine from "./mine.js";
import { copy, part, word } from "./words.js";

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

export class Outcome {
  readonly element = copy("outcome");
  private heading = part(this.element, "h2");
  private readonly status = part(this.element, ".outcome-status");

  /** `list` is the tray's: it goes on below the link. */
  constructor(private readonly list: HTMLElement) {
    part(this.element, ".outcome-files").append(list);
    this.heading.tabIndex = -1;
  }

  /** Shown at the press, before the site has answered, in the place of the form and under the page's own heading. */
  begin(form: HTMLElement) {
    const [title, lead] = [part(document, "h1"), part(document, ".lead")];
    const before = title.textContent;
    this.heading.remove();
    this.heading = title;
    title.tabIndex = -1;
    lead.hidden = true;
    form.replaceWith(this.element);
    this.giveBack = () => {
      title.textContent = before;
      lead.hidden = false;
      this.element.replaceWith(form);
    };
    this.heading.textContent = word("publishing");
    this.heading.focus();
    scrollTo(0, 0);
  }

  /** The form again, as it was. */
  giveBack = () => {};

  /** No line: it goes out by itself. */
  waiting(is: boolean) {
    this.isWaiting = is;
    if (is) this.say("");
    this.heading.textContent = word(is ? "publish-waiting" : "publishing");
    part(this.element, ".outcome-waiting").hidden = !is;
  }

  private isWaiting = false;

  /** There is a link. */
  done(url: string, manage: string, title: string, copied: Promise<boolean>) {
    this.waiting(false);
    this.heading.textContent = word("published");
    part(this.element, ".outcome-links").hidden = false;
    const link = part<HTMLInputElement>(this.element, ".outcome-link");
    link.value = url;
    part<HTMLInputElement>(this.element, ".outcome-manage").value = manage;
    part<HTMLAnchorElement>(this.element, ".outcome-open").href = url;
    part<HTMLAnchorElement>(this.element, ".outcome-edit").href = manage;
    this.element.querySelectorAll<HTMLInputElement>("input.link").forEach((input) => input.addEventListener("focus", () => input.select()));
    const told = part(this.element, ".outcome-copied");
    const tell = (done: boolean, input: HTMLInputElement) => {
      told.textContent = word(done ? "link-copied" : "link-select");
      if (!done) {
        input.focus();
        input.select();
      }
    };
    void copied.then((done) => (told.textContent = word(done ? "link-copied" : "link-by-hand")));
    for (const [button, input] of [[".outcome-copy", link], [".outcome-copy-manage", part<HTMLInputElement>(this.element, ".outcome-manage")]] as const) {
      part(this.element, button).addEventListener("click", () => void intoClipboard(Promise.resolve(input.value)).then((done) => tell(done, input)));
    }
    const share = part<HTMLButtonElement>(this.element, ".outcome-share");
    share.hidden = !navigator.share;
    // Whoever closes the sheet has changed their mind, which is no error.
    share.addEventListener("click", () => void navigator.share(title ? { url, title } : { url }).catch(() => {}));
    this.code(url);
    this.remember({ url, manage, title, created: Date.now() });
    document.title = word("published");
    if (this.heading.tagName === "H1") this.heading.focus();
  }

  /** How far the files are. */
  files(running: number, lost: number) {
    const key = running > 0 ? "outcome-arriving" : lost > 0 ? "outcome-missing" : this.list.children.length > 0 ? "outcome-arrived" : "";
    // Without a line it is not the page that has to stay open.
    if (!this.isWaiting) this.say(key);
    part(this.element, ".outcome-files").hidden = this.list.children.length === 0;
  }

  private said = "";

  private say(key: string) {
    if (key === this.said) return;
    this.said = key;
    this.status.textContent = key ? word(key) : "";
  }

  private code(url: string) {
    const details = part<HTMLDetailsElement>(this.element, ".outcome-code");
    details.addEventListener(
      "toggle",
      async () => {
        const { draw } = await import("./code.js");
        draw(part<HTMLCanvasElement>(details, "canvas"), url);
      },
      { once: true },
    );
  }

  private remember(post: mine.Mine) {
    const box = part<HTMLInputElement>(this.element, ".outcome-remember");
    box.checked = mine.all() !== null;
    const set = () => {
      if (box.checked) {
        mine.begin();
        mine.remember(post);
        // Storage may be switched off, and then the box says so.
        box.checked = mine.all() !== null;
      } else {
        mine.forgetAll();
      }
      mine.show(this.element);
    };
    if (box.checked) set();
    box.addEventListener("change", set);
  }
}
