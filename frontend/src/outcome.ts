// After Publish: the link, at once; how it may go on from here; and the files that are still on their way.

import { intoClipboard } from "./clipboard.js";
import * as mine from "./mine.js";
import type { Tray } from "./tray.js";
import { copy, part, word } from "./words.js";

export class Outcome {
  readonly element = copy("outcome");
  private heading = part(this.element, "h2");
  private readonly status = part(this.element, ".outcome-status");

  /** `list` is the tray's: it goes on below the link. */
  constructor(list: HTMLElement) {
    part(this.element, ".outcome-files").append(list);
    this.heading.tabIndex = -1;
  }

  /** Shown at the press, before the site has answered, in the place of the form and under the page's own heading. */
  begin(form: HTMLElement, back: () => void) {
    // The links of the post before stand there until there are others.
    document.querySelector(".outcome.left-behind:not(:has(.row))")?.remove();
    part(this.element, ".outcome-back").addEventListener("click", back);
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

  /** No line, or the site asks for patience by these words: it goes out by itself, or is taken back. */
  waiting(is: boolean, words = "") {
    this.isWaiting = is;
    if (is) this.say("");
    this.heading.textContent = word(!is ? "publishing" : words ? "publish-patience" : "publish-waiting");
    const told = part(this.element, ".outcome-waiting");
    told.hidden = !is;
    part(told, ".outcome-asked").textContent = words;
    part(told, ".outcome-line").hidden = words !== "";
    // What may be with the site already is not taken back: it would be posted twice.
    part(this.element, ".outcome-back").hidden = !(is && (words || !navigator.onLine) && this.heading.tagName === "H1");
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
      const own = input === link;
      (own ? told : part(this.element, ".outcome-copied-manage")).textContent = word(!done ? "link-select" : own ? "link-copied" : "link-copied-manage");
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

  /** How far the files are; `judged`: the site has looked into all of them. */
  files(tray: Tray, judged = false) {
    const { running, lost } = tray.count();
    const some = tray.items.some(({ leftOut }) => !leftOut);
    const key = running > 0 ? "outcome-arriving" : lost > 0 ? (judged ? "outcome-refused" : "outcome-missing") : !some ? "" : judged ? "outcome-ready" : "outcome-arrived";
    // Without a line it is not the page that has to stay open.
    if (!this.isWaiting) this.say(key);
    part(this.element, ".outcome-files").hidden = tray.items.length === 0;
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
    // Whoever has asked for it once has asked for it from then on.
    box.checked = mine.all() !== null;
    const set = () => {
      if (box.checked) {
        mine.begin();
        mine.remember(post);
        // Storage may be switched off, and then the box says so.
        box.checked = mine.has(post.url);
        part(this.element, ".outcome-unkept").hidden = box.checked;
      } else {
        mine.forget(post.url);
      }
      mine.show(this.element);
    };
    if (box.checked) set();
    box.addEventListener("change", set);
  }
}
