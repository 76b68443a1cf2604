// After Publish: the link, at once; how it may go on from here; and the files that are still on their way.

import { intoClipboard } from "./clipboard.js";
import * as mine from "./mine.js";
import type { Tray } from "./tray.js";
import { copy, locale, part, word } from "./words.js";

export class Outcome {
  readonly element = copy("outcome");
  private heading = part(this.element, "h2");
  private readonly status = part(this.element, ".outcome-status");
  /** Where it is told in a line. */
  private line: HTMLElement | null = null;

  /** `list` is the tray's: it goes on below the link. */
  constructor(list: HTMLElement) {
    part(this.element, ".outcome-files").append(list);
    this.heading.tabIndex = -1;
  }

  /** Shown at the press, before the site has answered, in the place of the form and under the page's own heading. */
  begin(form: HTMLElement, back: () => void) {
    // The links of the post before stand there until there are others; what of it is still on its way stands below them.
    document.querySelector(".outcome.left-behind:not(:has(.row))")?.remove();
    const others = document.querySelectorAll(".left-behind, .behind");
    this.element.querySelectorAll(".outcome-back").forEach((button) => button.addEventListener("click", back));
    const [title, lead] = [part(document, "h1"), part(document, ".lead")];
    const before = title.textContent;
    this.heading.remove();
    this.heading = title;
    title.tabIndex = -1;
    lead.hidden = true;
    form.replaceWith(this.element);
    this.element.after(...others);
    this.giveBack = () => {
      title.textContent = before;
      lead.hidden = false;
      this.element.replaceWith(form);
    };
    this.heading.textContent = word("publishing");
    this.heading.focus();
    scrollTo(0, 0);
  }

  /** What this visit is not about: told in a line, the rest folded away. `opened` is told when somebody has looked at it. Gives all of it. */
  fold(title: string, opened: () => void): HTMLElement {
    const box = copy("behind");
    if (title) part(box, ".behind-title").textContent = title;
    const details = part(box, "details");
    details.append(this.element);
    details.addEventListener("toggle", opened, { once: true });
    this.line = box;
    return box;
  }

  /** The form again, as it was. */
  giveBack = () => {};

  /** No line, or the site asks for patience by these words: it goes out by itself, or is taken back. */
  waiting(is: boolean, words = "") {
    this.isWaiting = is;
    if (is) this.say("");
    this.heading.textContent = word(!is ? "publishing" : words ? "publish-patience" : "publish-waiting");
    this.tell();
    const told = part(this.element, ".outcome-waiting");
    told.hidden = !is;
    part(told, ".outcome-asked").textContent = words;
    part(told, ".outcome-line").hidden = words !== "";
    // What may be with the site already is not taken back: it would be posted twice.
    part(this.element, ".outcome-back").hidden = !(is && (words || !navigator.onLine) && this.heading.tagName === "H1");
  }

  /** A proof of work is under way, so far, from 0 to 1; `null`: it is over. */
  proving(so: number | null) {
    const told = part(this.element, ".outcome-proving");
    if (told.hidden !== (so === null)) this.heading.textContent = word(so === null ? "publishing" : "publish-proving");
    told.hidden = so === null;
    part<HTMLProgressElement>(told, "progress").value = so ?? 0;
  }

  private isWaiting = false;

  /** There is a link. Without a manage link, its poster wants it forgotten. `form` is where a composer stands beside it. */
  done(url: string, manage: string, title: string, copied: Promise<boolean>, form?: HTMLElement, later?: string | null, links?: string | null) {
    this.waiting(false);
    const when = (name: string, time: string | null | undefined, style: Intl.DateTimeFormatOptions) => {
      const told = part(this.element, name);
      told.hidden = !time;
      if (time) part(told, "time").textContent = new Intl.DateTimeFormat(locale, style).format(new Date(time));
    };
    when(".outcome-later", later, { timeStyle: "short" });
    when(".outcome-plain", links, { dateStyle: "medium", timeStyle: "short" });
    this.heading.textContent = word(later ? "published-taken" : "published");
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
    if (manage) this.remember({ url, manage, title, created: Date.now() }, form ?? this.element);
    else this.disown();
    this.line?.querySelector("a")?.setAttribute("href", url);
    this.tell();
    if (!this.line) document.title = word("published");
    if (this.heading.tagName === "H1") this.heading.focus();
  }

  /** How far the files are. A post of files `alone`, of which none could be taken, is out, and empty. */
  files(tray: Tray, alone = false) {
    // Without a line it is not the page that has to stay open.
    if (!this.isWaiting) this.say(tray.told());
    if (alone && tray.isEmpty()) {
      this.heading.textContent = word("published-empty");
      if (!this.line) document.title = word("published-empty");
      this.tell();
    }
    part(this.element, ".outcome-files").hidden = tray.items.length === 0;
  }

  private said = "";

  private say(words: string) {
    if (words === this.said) return;
    this.said = words;
    this.status.textContent = words;
    this.tell();
  }

  private tell() {
    if (!this.line) return;
    const words = [this.heading.textContent, this.said].filter(Boolean).join(" ");
    const told = part(this.line, ".behind-status");
    if (told.textContent !== words) told.textContent = words;
  }

  /** The manage link goes. */
  private disown() {
    part<HTMLInputElement>(this.element, ".outcome-manage").value = "";
    part<HTMLAnchorElement>(this.element, ".outcome-edit").removeAttribute("href");
    part(this.element, ".secret").hidden = true;
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

  private remember(post: mine.Mine, place: HTMLElement) {
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
      mine.show(place);
    };
    if (box.checked) set();
    box.addEventListener("change", set);
    const gone = (is: boolean) => {
      if (!is) return;
      this.disown();
      box.checked = false;
    };
    mine.whenForgotten((urls) => gone(urls.includes(post.url)));
    // Forgotten on another page, while this one slept in the tab's history.
    addEventListener("pageshow", ({ persisted }) => gone(persisted && box.checked && !mine.has(post.url)));
  }
}
