// The ways in which files come to a page: dropped anywhere, also as folders; pasted; chosen; shared.

/** Calls `take` with whatever is dropped or pasted. Words that are pasted where nothing is being written go to `write`. */
export function gather(take: (files: File[]) => void, write: (text: string) => void) {
  const root = document.documentElement;
  let inside = 0;
  const carries = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    inside += 1;
    root.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!carries(event)) return;
    inside = Math.max(0, inside - 1);
    root.classList.toggle("dropping", inside > 0);
  });
  addEventListener("dragover", (event) => {
    if (carries(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (!carries(event) || !event.dataTransfer) return;
    event.preventDefault();
    inside = 0;
    root.classList.remove("dropping");
    take(await dropped(event.dataTransfer));
  });
  addEventListener("paste", (event) => {
    const brought = event.clipboardData;
    if (!brought) return;
    if (brought.files.length) {
      event.preventDefault();
      // A screenshot has no name of its own, and each has the same.
      take([...brought.files]);
    } else if (!(event.target as Element).closest("input, textarea, select")) {
      const text = brought.getData("text/plain").trim();
      if (!text) return;
      event.preventDefault();
      write(text);
    }
  });
}

/** The files that were dropped, those of folders in the order of their names. */
async function dropped(transfer: DataTransfer): Promise<File[]> {
  // Both lists are emptied when this event is over, so they are read before anything is waited for.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found: File[] = [];
  for (const entry of entries) if (entry) await walk(entry, found);
  return found;
}

/** More files than this no post takes, however the site is configured; a folder may be a whole disk. */
const MOST = 2_000;

async function walk(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length >= MOST || entry.name.startsWith(".")) return;
  try {
    if (entry.isFile) {
      found.push(await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed)));
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const all: FileSystemEntry[] = [];
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
      if (some.length === 0) break;
      all.push(...some);
    }
    all.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
    for (const inner of all) await walk(inner, found);
  } catch {
    // A file that vanished since, or that may not be read, does not cost the others.
  }
}
