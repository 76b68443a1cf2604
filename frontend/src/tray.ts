// The files of a post under way: a row each, with its picture, how far it is, what is wrong with it, and its words.

import type { Picture } from "./placed.js";
import { type Kept, dropFile, dropParcel, keepFile, secret } from "./shelf.js";
import { draw } from "./thumbnail.js";
import { Upload, UploadError, readable } from "./tus.js";
import { copy, number, part, percent, size, speed, time, word } from "./words.js";
import { pageWire } from "./wire.js";

export interface Limits {
  files: number;
  bytes: number;
}

/** making, then sending, then arrived. missing: chosen before a reload, and needed again. failed: never comes. */
type State = "making" | "sending" | "arrived" | "missing" | "failed";

export interface Item {
  kept: Kept;
  row: HTMLElement;
  state: State;
  upload?: Upload;
  gone: number;
  waiting: boolean;
  /** Bytes gone at times, for the speed of the last seconds. */
  pace: [number, number][];
  /** The same file may well be taken next time. */
  hopeful: boolean;
  /** It was refused before the post was published without it. */
  leftOut: boolean;
  /** What the site says while it asks for patience. */
  asked: string;
  /** Takes what stands in its fields, now. */
  read: () => void;
}

/** At most so many at a time; the others wait their turn. */
class Lane {
  private queue: (() => void)[] = [];
  constructor(private free: number) {}

  async run<Result>(deed: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((go) => this.queue.push(go));
    try {
      return await deed();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/** More at a time would only share one line, and all would be late. */
const making = new Lane(4);
const sending = new Lane(2);
/** A photo that is looked at takes fifty megabytes of memory for a moment. */
const drawing = new Lane(2);
const PACE_MS = 8_000;

export class Tray {
  items: Item[] = [];
  private refusals = 0;
  private frozen = false;
  /** The site has looked into all that arrived. */
  private judged = false;
  private dropped = false;
  /** Told which files have another number now, from 1, and which have none any more. */
  renumbered: (numbers: Map<number, number | null>) => void = () => {};

  /** `changed` is told whenever something in here is different; whoever takes the tray over may put another in its place. */
  constructor(
    private list: HTMLElement,
    private readonly parcel: string,
    private readonly limits: Limits,
    private readonly say: (words: string) => void,
    public changed: () => void,
  ) {}

  /** A row of its list has another place: told by who made the list movable (`order.ts`). Not every row need be one of these files'. */
  moved = (row: HTMLElement, place: number) => {
    this.items.sort((one, other) => this.placeOf(one) - this.placeOf(other));
    this.renumber();
    this.say(word("order-moved", { name: part(row, ".file-name").textContent ?? "", place: number(place + 1), count: number(this.list.children.length) }));
    this.changed();
  };

  /** Its rows go on in another list. */
  moveTo(list: HTMLElement) {
    list.append(...this.items.map(({ row }) => row));
    list.hidden = this.items.length === 0;
    this.list = list;
  }

  /** The file of a row, if it belongs to the post. */
  of = (row: Element) => this.wanted().find((item) => item.row === row);

  private placeOf = (item: Item) => [...this.list.children].indexOf(item.row);

  /** Takes files that somebody chose; those that cannot be taken get a row that says why. */
  add(files: File[]) {
    let over = 0;
    this.note("");
    for (const file of files) {
      const again = this.items.find(({ state, kept }) => state === "missing" && same(kept, file));
      if (again) {
        this.resume(again, file);
        continue;
      }
      if (this.items.some(({ state, kept }) => state !== "failed" && same(kept, file))) {
        this.note(word("upload-twice", { name: shown(file.name) }));
        continue;
      }
      if (this.wanted().length >= this.limits.files) {
        over += 1;
        continue;
      }
      const problem = file.size > this.limits.bytes ? "too_large" : file.size === 0 ? "empty" : /^(text|audio)\/|^application\/pdf/.test(file.type) ? "not_media" : null;
      const kept: Kept = { id: secret(9), parcel: this.parcel, place: this.items.length, name: file.name, size: file.size, type: file.type, modified: file.lastModified, upload: "", arrived: false, caption: "", alt: "", sensitive: false, file };
      const item = this.show(kept, "making");
      if (problem) this.fail(item, word(`problem-${problem}`));
      else void this.start(item, file);
    }
    this.offerStills();
    if (over > 0) {
      this.refusals += over;
      this.note(word("upload-too-many", { count: number(this.refusals) }));
    }
    this.changed();
  }

  /** Goes on with what was under way before a reload; when it returns, all that can go on does. */
  async restore(all: Kept[]): Promise<void> {
    const items = all.map((kept) => this.show(kept, kept.arrived ? "arrived" : "missing"));
    this.renumber();
    this.offerStills();
    for (const item of items) {
      const { kept } = item;
      if (kept.arrived) item.gone = kept.size;
      this.paint(item);
      if (!kept.arrived && kept.file && (await readable(kept.file))) this.resume(item, kept.file);
    }
  }

  /** Those that belong to the post, in order. */
  wanted = () => this.items.filter(({ state }) => state !== "failed");

  running = () => this.items.some(({ state }) => state === "making" || state === "sending");

  /** When every upload that will ever be made is made. */
  async made(): Promise<void> {
    while (this.items.some(({ state }) => state === "making")) await new Promise((done) => addEventListener("handbill-made", done, { once: true }));
  }

  /** How the files stand, for whoever does not look at each; nothing while some are chosen only. */
  told(): string {
    const { frozen, judged } = this;
    const count = (is: (item: Item) => boolean) => this.items.filter(is).length;
    // Not taken, so that the post is or will be without them.
    const out = this.refusals + count(({ state, leftOut }) => (frozen && !judged ? leftOut : state === "failed"));
    const own = count(({ state, leftOut }) => (frozen && !judged ? !leftOut : state !== "failed"));
    const lost = judged ? 0 : count(({ state, leftOut }) => state === "missing" || (frozen && state === "failed" && !leftOut));
    const running = this.running();
    if (!frozen && (running || lost > 0)) return "";
    const others = out > 0 ? "others" : "all";
    const key = running ? "outcome-arriving" : lost > 0 ? "outcome-missing" : own === 0 ? "" : !frozen ? `upload-${others}-arrived` : judged ? `outcome-${others}-ready` : `outcome-${others}-arrived`;
    return [out > 0 ? word("outcome-left-out", { count: number(out) }) : "", key ? word(key) : ""].filter(Boolean).join(" ");
  }

  /** What was typed a moment ago counts as well. */
  read() {
    for (const item of this.items) item.read();
  }

  /** Nothing of it is to be kept on this device any more. */
  drop(): Promise<void> {
    this.dropped = true;
    return dropParcel(this.parcel);
  }

  /** All that the post has is with the site. */
  whole = () => this.items.every(({ state, leftOut }) => state === "arrived" || leftOut);

  /** The site has looked into all, and none of what there was to see is there. */
  isEmpty = () => this.judged && this.wanted().length === 0;

  /** What the site has found out about the post's media, in order: those that it could not take say why. */
  judge(problems: (string | null)[]) {
    this.judged = true;
    const own = this.items.filter(({ leftOut }) => !leftOut);
    problems.forEach((problem, at) => {
      const item = own[at];
      if (item && problem && item.state === "arrived") this.fail(item, word(`problem-${problem}`) || word("upload-failed"));
    });
    for (const item of own) this.paint(item);
  }

  /** No more rows are moved, removed or described here; what was refused before is no part of the post. */
  freeze() {
    this.read();
    this.frozen = true;
    this.list.classList.add("frozen");
    if (this.refusals === 0) this.note("");
    for (const { row } of this.items) row.querySelectorAll<HTMLElement>(".handle, .earlier, .later, .remove, details").forEach((one) => one.remove());
    for (const item of this.items) {
      item.leftOut = item.state === "failed";
      item.row.classList.toggle("left-out", item.leftOut);
      this.paint(item);
    }
  }

  private show(kept: Kept, state: State): Item {
    const row = copy("file-row");
    const item: Item = { kept, row, state, gone: 0, waiting: false, pace: [], hopeful: false, leftOut: false, asked: "", read: () => {} };
    const name = part(row, ".file-name");
    name.textContent = shown(kept.name) || word("file-nameless");
    row.querySelectorAll(".of-file").forEach((one) => (one.textContent = name.textContent));
    const inputs = (["caption", "alt"] as const).map((field) => [field, part<HTMLInputElement>(row, `[data-field=${field}]`)] as const);
    let later = 0;
    item.read = () => {
      clearTimeout(later);
      if (inputs.every(([field, input]) => kept[field] === input.value.trim())) return;
      for (const [field, input] of inputs) kept[field] = input.value.trim();
      this.keep(item);
    };
    for (const [field, input] of inputs) {
      input.value = kept[field];
      input.addEventListener("change", item.read);
      // A page that is left in the midst of a word has kept all but the last of it.
      input.addEventListener("input", () => {
        clearTimeout(later);
        later = setTimeout(item.read, 400) as unknown as number;
      });
    }
    const cover = part<HTMLInputElement>(row, "[data-field=sensitive]");
    cover.checked = kept.sensitive;
    cover.addEventListener("change", () => {
      kept.sensitive = cover.checked;
      row.classList.toggle("covered", cover.checked);
      this.keep(item);
    });
    row.classList.toggle("covered", kept.sensitive);
    const stillOf = part<HTMLSelectElement>(row, "[data-field=stillOf]");
    stillOf.addEventListener("change", () => {
      // A video has one still.
      for (const other of this.items.filter((one) => one === item || one.kept.stillOf === stillOf.value)) {
        other.kept.stillOf = other === item ? stillOf.value : "";
        this.keep(other);
      }
      this.offerStills();
    });
    part(row, ".remove").addEventListener("click", () => this.remove(item));
    part(row, ".retry").addEventListener("click", () => {
      if (kept.file) this.resume(item, kept.file);
    });
    part<HTMLInputElement>(row, ".again input").addEventListener("change", (event) => {
      const [file] = (event.target as HTMLInputElement).files ?? [];
      if (file) this.replace(item, file);
    });
    this.list.append(row);
    this.items.push(item);
    this.list.hidden = false;
    const picture = kept.thumb ?? kept.file;
    if (picture) this.picture(item, picture);
    this.paint(item);
    return item;
  }

  private async start(item: Item, file: File): Promise<void> {
    const { kept } = item;
    const upload = new Upload(file, pageWire, {
      progress: (bytes) => {
        item.gone = bytes;
        item.waiting = false;
        const now = performance.now();
        item.pace = [...item.pace.filter(([at]) => now - at < PACE_MS), [now, bytes]];
        this.paint(item);
      },
      waiting: (is, words = "") => {
        item.waiting = is;
        item.asked = words;
        item.pace = [];
        this.paint(item);
        this.changed();
      },
    });
    upload.url = kept.upload;
    item.upload = upload;
    kept.file = file;
    item.state = kept.upload ? "sending" : "making";
    this.problem(item, "");
    this.paint(item);
    this.keep(item);
    try {
      if (!kept.upload) {
        await making.run(() => upload.create());
        kept.upload = upload.url;
        item.state = "sending";
        this.keep(item);
        this.paint(item);
        dispatchEvent(new Event("handbill-made"));
        this.changed();
      }
      await sending.run(() => upload.send());
      item.state = "arrived";
      kept.arrived = true;
      delete kept.file;
      this.keep(item);
      this.paint(item);
      this.changed();
    } catch (error) {
      const fault = error instanceof UploadError ? error : new UploadError("refused");
      if (fault.fault === "stopped") return;
      item.hopeful = fault.fault === "gone" || (fault.fault === "refused" && !fault.words);
      this.fail(item, (fault.problem && word(`problem-${fault.problem}`)) || fault.words || word(fault.fault === "refused" ? "upload-failed" : `upload-${fault.fault}`));
    } finally {
      dispatchEvent(new Event("handbill-made"));
    }
  }

  private resume(item: Item, file: File) {
    if (item.state === "failed") item.kept.upload = "";
    // One that is not the file that it was before, or of which there was no picture.
    if (!item.kept.thumb && item.kept.file !== file) this.picture(item, file);
    void this.start(item, file);
  }

  /** Another choice of file for a row: the rest of the same one, or a new one in its place. */
  private replace(item: Item, file: File) {
    const { kept } = item;
    if (item.state === "missing" && !same(kept, file)) {
      this.problem(item, word("upload-other", { name: shown(kept.name) }));
      return;
    }
    if (item.state !== "missing") Object.assign(kept, { name: file.name, size: file.size, type: file.type, modified: file.lastModified, upload: "", thumb: undefined });
    part(item.row, ".file-name").textContent = shown(kept.name);
    this.resume(item, file);
  }

  private remove(item: Item) {
    const next = (item.row.nextElementSibling ?? item.row.previousElementSibling)?.querySelector<HTMLElement>(".remove");
    void item.upload?.cancel();
    this.items = this.items.filter((one) => one !== item);
    void dropFile(item.kept.id);
    this.renumber(item);
    this.offerStills();
    item.row.remove();
    this.list.hidden = this.list.children.length === 0;
    if (this.wanted().length < this.limits.files) this.note("");
    this.say(word("upload-removed", { name: shown(item.kept.name) }));
    (next ?? document.querySelector<HTMLElement>("form input[type=file][name=file]"))?.focus();
    dispatchEvent(new Event("handbill-made"));
    this.changed();
  }

  private fail(item: Item, words: string) {
    item.state = "failed";
    this.problem(item, words);
    this.paint(item);
    void dropFile(item.kept.id);
    this.offerStills();
    this.changed();
  }

  /** Words on the whole list; none: there is nothing to say any more. */
  private note(words: string) {
    if (!words) this.refusals = 0;
    const note = this.list.parentElement?.querySelector<HTMLElement>(".too-many");
    if (!note) return;
    note.hidden = !words;
    note.textContent = words;
    if (words) this.say(words);
  }

  private problem(item: Item, words: string) {
    part(item.row, ".file-problem").textContent = words;
  }

  private picture(item: Item, file: Blob) {
    void drawing.run(async () => {
      const thumb = await draw(file, part<HTMLCanvasElement>(item.row, "canvas"));
      if (!thumb || file === item.kept.thumb) return;
      item.kept.thumb = thumb;
      this.keep(item);
    });
  }

  private keep(item: Item) {
    if (item.state !== "failed" && !this.dropped && this.items.includes(item)) void keepFile(item.kept);
  }

  /** Each file's number is its place in the list, whatever becomes of the others. */
  private renumber(gone?: Item) {
    const numbers = new Map<number, number | null>(gone ? [[gone.kept.place + 1, null]] : []);
    this.items.forEach((item, at) => {
      if (item.kept.place === at) return;
      numbers.set(item.kept.place + 1, at + 1);
      item.kept.place = at;
      this.keep(item);
    });
    if (numbers.size > 0) this.renumbered(numbers);
  }

  /** What can be put among the words; `before` media come first. */
  pictures = (before = 0): Picture[] =>
    this.wanted().filter(({ kept }) => !kept.stillOf).map(({ kept, row }) => {
      const at = before + kept.place + 1;
      return { name: String(at), number: at, label: `${number(at)}. ${shown(kept.name)}`, alt: kept.alt, thumb: part<HTMLCanvasElement>(row, "canvas") };
    });

  /** Each photo may stand in the place of a video before it plays. */
  private offerStills() {
    if (this.frozen) return;
    const videos = this.wanted().filter(({ kept }) => isVideo(kept));
    for (const item of this.items) {
      const { kept, row } = item;
      if (kept.stillOf && !videos.some((video) => video.kept.id === kept.stillOf)) {
        kept.stillOf = "";
        this.keep(item);
      }
      part(row, ".still-of").hidden = isVideo(kept) || videos.length === 0;
      const choice = part<HTMLSelectElement>(row, "[data-field=stillOf]");
      choice.length = 1;
      for (const video of videos) choice.add(new Option(word("still-of-video", { name: shown(video.kept.name) }), video.kept.id));
      choice.value = kept.stillOf ?? "";
      this.paint(item);
    }
  }

  private paint(item: Item) {
    const { row, kept, state } = item;
    row.dataset["state"] = state;
    const bar = part<HTMLProgressElement>(row, "progress");
    bar.hidden = state !== "sending" && state !== "making";
    bar.value = kept.size ? item.gone / kept.size : 0;
    const video = kept.stillOf ? this.items.find((one) => one.kept.id === kept.stillOf) : undefined;
    part(row, ".file-state").textContent = this.words(item) + (video ? ` · ${word("still-of", { name: shown(video.kept.name) })}` : "");
    // The post names its uploads: what comes to be after Publish is none of them.
    const open = state === "failed" && !this.frozen;
    part(row, ".retry").hidden = !(open && item.hopeful && kept.file);
    part(row, ".again").hidden = !(state === "missing" || (open && !item.hopeful));
  }

  private words({ state, kept, gone, waiting, asked, pace }: Item): string {
    if (state === "arrived") return `${size(kept.size)} · ${word(this.judged ? "upload-ready" : "upload-arrived")}`;
    if (state === "missing") return word("upload-missing");
    if (state === "failed") return kept.size ? size(kept.size) : "";
    if (waiting && asked) return asked;
    if (waiting) return navigator.onLine ? word("upload-again") : word("upload-offline");
    if (state === "making" || pace.length === 0) return `${size(kept.size)} · ${word("upload-waiting")}`;
    const [first] = pace;
    const last = pace[pace.length - 1];
    const seconds = first && last ? (last[0] - first[0]) / 1_000 : 0;
    const rate = first && last && seconds > 0.5 ? (last[1] - first[1]) / seconds : 0;
    const rest = rate > 0 ? [speed(rate), word("upload-left", { time: time((kept.size - gone) / rate) })] : [];
    return [size(kept.size), percent(gone / kept.size), ...rest].join(" · ");
  }
}

/** A name without the letters that are not seen but change how others are. */
const shown = (name: string) => name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "");

const isVideo = ({ name, type }: Kept) => type.startsWith("video/") || /\.(mov|mkv)$/i.test(name);

const same = (kept: Kept, file: File) => kept.name === file.name && kept.size === file.size && kept.modified === file.lastModified;
