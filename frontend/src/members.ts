// Members of a campaign: each tick is kept as it is made, so that the words beside it say what the decision would reach. Without this script a button keeps them.
import { shown } from "./shown";

const MOMENT_MS = 150;

export function members(): void {
  const form = document.querySelector<HTMLFormElement>("#decide");
  const button = document.querySelector<HTMLButtonElement>("[data-members]");
  const ticks = [...document.querySelectorAll<HTMLInputElement>("input[name=taken]:not(:disabled)")];
  const places = document.querySelectorAll("[data-reach]");
  if (!form || !button || ticks.length === 0) return;
  button.hidden = true;
  const to = button.formAction;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<void> = Promise.resolve();

  // A page that goes takes its form along: what is ticked is read before.
  const ticked = () => new URLSearchParams([...new FormData(form)].filter(([name]) => name === "taken" || name === "shown").map(([name, value]) => [name, String(value)]));
  const keep = async (body: URLSearchParams) => {
    try {
      const answer = await fetch(to, { method: "POST", body, headers: { accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const { reach } = (await answer.json()) as { reach: string };
      for (const place of places) place.textContent = reach;
      button.hidden = true;
    } catch {
      // The button tells them why, and the decision itself says who is ticked.
      button.hidden = false;
    }
  };
  const later = () => {
    const body = ticked();
    clearTimeout(waiting);
    // One after the other: what was ticked last is kept last.
    waiting = setTimeout(() => (last = last.then(() => keep(body))), MOMENT_MS);
  };
  for (const tick of ticks) tick.addEventListener("change", later);
  const all = document.querySelector<HTMLButtonElement>("[data-all]");
  if (all) all.hidden = false;
  all?.addEventListener("click", () => {
    // All, or none if all are.
    const to = ticks.some((tick) => !tick.checked);
    for (const tick of ticks) tick.checked = to;
    later();
  });
  // What is not kept by then is passed over with its case.
  shown().addEventListener("abort", () => clearTimeout(waiting));
  // Put back as they were when somebody left, or by the browser.
  if (ticks.some((tick) => tick.checked !== tick.defaultChecked)) later();
}
