// The composer: what the form can do already, made quicker. Files go on their way as soon as they are chosen, and the link is there
// before they have arrived. Without this file the form works as it is.

import { intoClipboard } from "./clipboard.js";
import * as draft from "./draft.js";
import { gather } from "./gather.js";
import * as lately from "./lately.js";
import * as mine from "./mine.js";
import { movable } from "./order.js";
import { Outcome } from "./outcome.js";
import { follow, renumbered } from "./placed.js";
import { PublishError, publish } from "./publish.js";
import { judged } from "./verdict.js";
import { type Parcel, type Wish, alone, disown, dropParcel, filesOf, keepFile, keepParcel, newParcel, parcels, secret } from "./shelf.js";
import { type Limits, Tray } from "./tray.js";
import { copy, countable, digits, part, trouble, word } from "./words.js";
import { pageWire } from "./wire.js";

const WEEK_MS = 7 * 86_400_000;

const form = document.querySelector<HTMLFormElement>("form.composer");
if (form && form.dataset["files"] && typeof Blob.prototype.slice === "function") compose(form);

function compose(form: HTMLFormElement) {
  const input = part<HTMLInputElement>(form, "input[type=file]");
  const limits: Limits = { files: Number(form.dataset["files"]), bytes: Number(form.dataset["bytes"]) };
  const status = part(document, "#composer-status");
  let said = 0;
  const say = (words: string) => {
    status.textContent = words;
    const now = ++said;
    // What was said is not read again by who comes upon it later.
    setTimeout(() => now === said && (status.textContent = ""), 8_000);
  };

  lately.arrive();
  const parcel = newParcel();
  const tray = makeTray(parcel, limits, say, changed);
  const { list } = tray;
  // A phone's key for "go" is pressed to be done with a line, not with the post.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && (event.target as Element).matches("input[type=text]")) event.preventDefault();
  });
  part(form, ".drop").after(list.parentElement as HTMLElement);
  form.classList.add("live");
  form.querySelectorAll<HTMLElement>("[data-live]").forEach((one) => (one.hidden = false));
  let outcome: Outcome | null = null;
  let summed = "";
  // Another tab must not take this post for one that was left behind.
  void alone(parcel.id, () => new Promise(() => {}));

  const take = (files: File[]) => {
    // After Publish there is nothing to add to any more.
    if (outcome || files.length === 0) return;
    void keepParcel(parcel);
    tray.tray.add(files);
  };
  for (const chooser of form.querySelectorAll<HTMLInputElement>(".drop input[type=file], .camera input")) {
    chooser.addEventListener("change", () => {
      take([...(chooser.files ?? [])]);
      // The form itself must not send them a second time.
      chooser.value = "";
    });
  }
  // What was chosen before this script was there.
  if (input.files?.length) {
    take([...input.files]);
    input.value = "";
  }
  const text = part<HTMLTextAreaElement>(form, "textarea[name=text]");
  gather(take, (words) => {
    if (outcome) return;
    text.value = text.value ? `${text.value}\n\n${words}` : words;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });

  tray.tray.renumbered = (numbers) => {
    follow(text, numbers);
    if (parcel.state !== "waiting" || !parcel.wish) return;
    parcel.wish.text = text.value;
    void keepParcel(parcel);
  };
  const restored = write(form, text, tray.tray, () => parcel.state === "published");
  // The worker fetches all parts of the composer, so it is not for those who only look. Where a browser has no workers, or none for
  // this address, the composer does without.
  const settle = () => {
    try {
      void navigator.serviceWorker?.register("/sw.js").catch(() => {});
    } catch {
      // Some browsers refuse even the question.
    }
  };
  form.addEventListener("input", settle, { once: true });
  form.addEventListener("submit", settle, { once: true });
  if (matchMedia("(display-mode: standalone)").matches) settle();
  void restored.then(() => leftBehind(form, parcel, tray.tray, limits, say));
  mine.show(form);
  mine.whenForgotten((urls) => {
    lately.forget(urls);
    void disown(urls);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  addEventListener("beforeunload", (event) => {
    if (tray.tray.running()) event.preventDefault();
  });

  function changed() {
    outcome?.files(tray.tray);
    const held = tray.tray.items.find(({ state, waiting }) => state === "making" && waiting);
    if (parcel.state === "waiting") outcome?.waiting(!navigator.onLine || held !== undefined, held?.asked);
    // From Publish on, the panel with the link says it.
    const sum = outcome ? "" : tray.tray.told();
    if (sum && sum !== summed) say(sum);
    summed = sum;
    // Words alone are all there at once.
    if (tray.tray.whole() && parcel.state === "published") void tray.tray.drop();
  }

  async function send(): Promise<void> {
    tray.tray.read();
    const wish = wishOf(form);
    if (isAlone(wish) && tray.tray.wanted().length === 0) {
      trouble(form, word("draft-nothing"));
      input.focus();
      return;
    }
    // What was to be locked is not posted openly because a reload forgot the password.
    const again = part(form, ".password-again");
    if (!again.hidden && !wish.password) {
      again.hidden = true;
      trouble(form, word("password-again"));
      part(form, "[name=password]").focus();
      return;
    }
    // A limit must not get lost on the way.
    if (!countable(wish.views)) {
      trouble(form, word("draft-views"));
      const field = part(form, "[name=views]");
      field.closest("details")?.setAttribute("open", "");
      field.focus();
      return;
    }
    const shown = (outcome = new Outcome(list.parentElement as HTMLElement));
    const calling = new AbortController();
    shown.begin(form, () => calling.abort());
    let give: (url: string) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const copied = intoClipboard(new Promise((done, failed) => ([give, fail] = [done, failed])));
    parcel.wish = wish;
    parcel.state = "waiting";
    lately.mark(parcel.id);
    // So that the words are found to be the same, should this page be gone before there is an answer.
    draft.keep(form);
    const offline = () => shown.waiting(!navigator.onLine);
    addEventListener("online", offline);
    addEventListener("offline", offline);
    offline();
    try {
      await keepParcel(parcel);
      void askForSync();
      await Promise.race([tray.tray.made(), new Promise((done) => calling.signal.addEventListener("abort", done))]);
      if (calling.signal.aborted) throw new PublishError("", true);
      const ready = tray.tray.wanted().filter(({ kept }) => kept.upload);
      if (ready.length === 0 && isAlone(wish)) throw new PublishError(word("publish-nothing-left"));
      const given = await publish(pageWire, parcel, ready.map(({ kept }) => kept), { waiting: (is, words) => shown.waiting(is, words), proving: (so) => shown.proving(so), signal: calling.signal });
      // The password has done its work.
      Object.assign(parcel, { state: "published", seen: true, ...given, wish: { ...wish, password: null } });
      draft.forget();
      await keepParcel(parcel);
      lately.keep({ id: parcel.id, ...given, title: wish.title.trim() });
      give(given.url);
      tray.tray.freeze();
      shown.done(given.url, given.manage, wish.title.trim(), copied, undefined, given.public, given.links);
      changed();
      void judged(given, tray.tray, () => outcome?.files(tray.tray, isAlone(wish)));
    } catch (error) {
      fail(error as Error);
      // Nothing was made: back to the form, with everything in it, and another key: it will be another request.
      shown.giveBack();
      part(form, ".drop").after(list.parentElement as HTMLElement);
      outcome = null;
      lately.mark();
      Object.assign(parcel, { state: "draft", key: secret() });
      await keepParcel(parcel);
      const calledBack = error instanceof PublishError && error.calledBack;
      if (!calledBack) trouble(form, error instanceof PublishError && error.words ? error.words : word("publish-failed"));
    } finally {
      removeEventListener("online", offline);
      removeEventListener("offline", offline);
    }
  }
}

interface Made {
  tray: Tray;
  list: HTMLElement;
}

function makeTray(parcel: Parcel, limits: Limits, say: (words: string) => void, changed: () => void): Made {
  const list = part(copy("file-list"), "ol");
  const tray = new Tray(list, parcel.id, limits, say, changed);
  movable(list, tray.moved);
  return { tray, list };
}

/** The draft, and the editor once somebody writes. When it returns, what was written before is there again. */
async function write(form: HTMLFormElement, text: HTMLTextAreaElement, tray: Tray, isOut: () => boolean): Promise<void> {
  const note = part(form, ".draft");
  form.addEventListener("input", () => {
    if (!isOut()) draft.keepSoon(form, (kept) => (note.hidden = !kept));
  });
  const empty = () => {
    part(form, ".password-again").hidden = true;
    form.reset();
    note.hidden = true;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  part(note, "button").addEventListener("click", () => {
    draft.forget();
    empty();
    text.focus();
  });
  draft.heed(form, (untouched) => {
    if (untouched && form.isConnected) empty();
  });
  let begun = false;
  const edit = async () => {
    // Written before, and come upon again: one toolbar is enough.
    if (begun) return;
    begun = true;
    const { edit } = await import("./editor.js");
    edit(text, () => tray.pictures());
  };
  text.addEventListener("focus", () => void edit(), { once: true });
  part(form, "[name=password]").addEventListener("input", () => (part(form, ".password-again").hidden = true));
  const restored = await draft.restore(form);
  note.hidden = restored === "nothing";
  part(form, ".password-again").hidden = restored !== "locked";
  if (text.value) void edit();
}

/** What was under way when this page was left: a draft's files come back to it, a published post's go on. */
async function leftBehind(form: HTMLFormElement, own: Parcel, tray: Tray, limits: Limits, say: (words: string) => void): Promise<void> {
  const left = (await parcels()).filter(({ id }) => id !== own.id).sort((one, other) => other.created - one.created);
  let drafts = 0;
  for (const parcel of left) {
    void alone(parcel.id, async () => {
      const files = await filesOf(parcel.id);
      const empty = files.length === 0 && !(parcel.state === "draft" ? parcel.wish?.text || parcel.wish?.title : true);
      if (empty || Date.now() - parcel.created > WEEK_MS) return dropParcel(parcel.id);
      // The manage page that it is of goes on with it.
      if (parcel.edits) return;
      if (parcel.state === "draft") {
        // One is laid into the form; what the site refused comes back with its words.
        if (drafts++ === 0) await takeBack(form, own, tray, parcel);
        return;
      }
      // Its words may still stand in the form, from where they would be posted twice.
      const { title, text } = parcel.wish ?? {};
      if (part<HTMLInputElement>(form, "[name=title]").value === title && part<HTMLInputElement>(form, "[name=text]").value === text) {
        draft.forget();
        form.reset();
        part(form, ".draft").hidden = true;
      }
      try {
        await goOn(form, parcel, limits, say);
      } catch (error) {
        if (!(error instanceof PublishError)) throw error;
        Object.assign(parcel, { state: "draft", refused: error.words || word("publish-failed") });
        await takeBack(form, own, tray, parcel);
      }
    });
  }
  const out = lately.last();
  if (!out || left.some(({ url }) => url === out.url)) return;
  const shown = new Outcome(makeTray(own, limits, say, () => {}).list.parentElement as HTMLElement);
  shown.element.classList.add("left-behind");
  form.before(shown.element);
  shown.done(out.url, out.manage, out.title, Promise.resolve(false), form);
}

/** Nothing but its files makes a post. */
const isAlone = (wish: Wish | undefined) => !wish?.title.trim() && !wish?.text.trim();

/** Lays a draft, or a post that was not taken, into the form. */
async function takeBack(form: HTMLFormElement, own: Parcel, tray: Tray, parcel: Parcel): Promise<void> {
  await keepParcel(own);
  const { wish, refused } = parcel;
  const inputs = (["title", "text"] as const).map((name) => [name, part<HTMLInputElement>(form, `[name=${name}]`)] as const);
  if (wish && inputs.every(([, input]) => !input.value)) {
    draft.fill(form, { ...wish });
  } else {
    // From the share sheet: what stands there already stays.
    for (const [name, input] of inputs) {
      const shared = wish?.[name];
      if (shared && shared !== input.value) input.value = input.value && name === "text" ? `${input.value}\n\n${shared}` : input.value || shared;
    }
  }
  form.dispatchEvent(new Event("input"));
  const moved = (await filesOf(parcel.id)).map((kept) => ({ ...kept, parcel: own.id }));
  for (const kept of moved) await keepFile(kept, Infinity);
  await tray.restore(moved);
  await dropParcel(parcel.id);
  if (refused) trouble(form, refused);
}

/** A post that was published, or is to be, and is not all there yet. */
async function goOn(form: HTMLFormElement, parcel: Parcel, limits: Limits, say: (words: string) => void): Promise<void> {
  const { tray, list } = makeTray(parcel, limits, say, changed);
  const shown = new Outcome(list.parentElement as HTMLElement);
  const title = parcel.wish?.title ?? "";
  tray.renumbered = (numbers) => {
    if (parcel.wish && parcel.state === "waiting") parcel.wish.text = renumbered(parcel.wish.text, numbers);
  };
  // Its own page, loaded again, is all about it. On any other visit it stands in a line, and its links are not taken for another post's.
  const isOwn = lately.isMarked(parcel.id);
  shown.element.classList.toggle("left-behind", isOwn);
  const element = isOwn ? shown.element : shown.fold(title, see);
  form.before(element);
  if (parcel.state === "waiting") shown.waiting(true);
  await tray.restore(await filesOf(parcel.id));
  if (parcel.state === "waiting") {
    try {
      await tray.made();
      const given = await publish(pageWire, parcel, tray.wanted().filter(({ kept }) => kept.upload).map(({ kept }) => kept), { waiting: (is, words) => shown.waiting(is, words) });
      Object.assign(parcel, { state: "published", ...given });
    } catch (error) {
      element.remove();
      throw error;
    }
    if (parcel.wish) parcel.wish.password = null;
    await keepParcel(parcel);
  }
  tray.freeze();
  const { url, manage } = parcel;
  if (url) {
    if (isOwn) parcel.seen = true;
    if (isOwn && manage) lately.keep({ id: parcel.id, url, manage, title });
    shown.done(url, manage ?? "", title, Promise.resolve(false), form);
    if (manage) void judged({ url, manage }, tray, () => shown.files(tray, isAlone(parcel.wish)));
  }
  changed();
  // In hand for as long as this page is open.
  await new Promise(() => {});

  function see() {
    parcel.seen = true;
    void keepParcel(parcel);
    changed();
  }

  function changed() {
    shown.files(tray);
    if (tray.whole() && parcel.state === "published" && parcel.seen) void tray.drop();
  }
}

function wishOf(form: HTMLFormElement): Wish {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "");
  const views = digits(text("views"));
  return {
    title: text("title"),
    text: text("text"),
    language: text("language") || null,
    listed: data.has("listed"),
    sensitive: data.has("sensitive"),
    password: text("password") || null,
    expires: text("expires") || "never",
    views: views ? Number(views) : null,
  };
}

/** Asks the worker to publish by itself once there is a line, also with this page closed. */
async function askForSync(): Promise<void> {
  try {
    const worker = (await navigator.serviceWorker?.getRegistration()) as (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | undefined;
    await worker?.sync?.register("outbox");
  } catch {
    // Where there is no such thing, this page does it.
  }
}
