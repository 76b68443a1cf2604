// A draft of the words that survives a reload, in this browser alone. Never the password. Gone when the post is out, or at a press.

const NAME = "handbill-draft";
const FIELDS = ["title", "text", "language", "expires", "views"] as const;
const SWITCHES = ["listed", "sensitive"] as const;

const field = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as HTMLInputElement | null;

/** Writes down what stands in the form; gives whether that was possible and there was something. */
export function keep(form: HTMLFormElement): boolean {
  const draft: Record<string, string | boolean> = {};
  for (const name of FIELDS) draft[name] = field(form, name)?.value ?? "";
  for (const name of SWITCHES) draft[name] = field(form, name)?.checked ?? false;
  try {
    if (!draft["title"] && !draft["text"]) {
      localStorage.removeItem(NAME);
      return false;
    }
    localStorage.setItem(NAME, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Fills the form with a draft, where there is one and nothing stands there yet. */
export function restore(form: HTMLFormElement): boolean {
  try {
    const draft = JSON.parse(localStorage.getItem(NAME) ?? "null") as Record<string, string | boolean> | null;
    if (!draft || field(form, "title")?.value || field(form, "text")?.value) return false;
    for (const name of FIELDS) {
      const input = field(form, name);
      if (input && typeof draft[name] === "string") input.value = draft[name];
    }
    for (const name of SWITCHES) {
      const input = field(form, name);
      if (input && typeof draft[name] === "boolean") input.checked = draft[name];
    }
    return true;
  } catch {
    return false;
  }
}

export function forget() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // Storage is switched off: there is nothing to forget.
  }
}
