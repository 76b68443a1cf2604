// Reporting and complaining beyond one's share: the form is sent by this script, and where the site asks for a proof of work, it is made. Within one's
// share nothing is asked for and nothing is told. Whatever else the site answers is its own page's to say: then the form is sent as if this were not here.

import { paid } from "./proof.js";
import type { Wire } from "./wire.js";
import { copy, part } from "./words.js";

/** The site may take its time: whoever wants more than their share stands in line. */
const PATIENCE_MS = 60_000;

const under_way = new Map<HTMLFormElement, { box: HTMLElement; stop: AbortController }>();

/** Where an answer leads, if what was sent was taken: to the receipt, or where the site leads a browser. */
async function sent(form: HTMLFormElement, told: (part: number | null) => void, signal: AbortSignal): Promise<string | null> {
  let led = "";
  const wire: Wire = async ({ method, url, headers, body }) => {
    const answer = await fetch(url, { method, headers, body: body ?? null, signal: AbortSignal.any?.([signal, AbortSignal.timeout(PATIENCE_MS)]) ?? signal });
    led = answer.redirected ? answer.url : "";
    return { status: answer.status, header: (name) => answer.headers.get(name), text: await answer.text() };
  };
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded;charset=UTF-8", accept: "application/json" };
  // A field of the form may be named like this property, and hides it.
  const answer = await paid(wire, { method: "POST", url: form.getAttribute("action") ?? "", headers, body }, told, signal);
  if (led) return led;
  if (answer.status < 200 || answer.status > 299) return null;
  const { status_url } = JSON.parse(answer.text) as { status_url?: string };
  // The site may have another name in what it writes.
  return status_url ? `${new URL(status_url).pathname}?filed=1` : null;
}

async function send(form: HTMLFormElement): Promise<void> {
  const box = copy("paying");
  const [says, bar] = [part(box, "[role=status]"), part<HTMLProgressElement>(box, "progress")];
  const stop = new AbortController();
  under_way.set(form, { box, stop });
  form.ariaBusy = "true";
  form.append(box);
  const told = (so: number | null) => {
    const words = so === null ? "" : (says.dataset.words ?? "");
    if (says.textContent !== words) says.textContent = words;
    says.classList.toggle("unseen", so === null);
    box.classList.toggle("working", so !== null);
    if (bar.parentElement) bar.parentElement.hidden = so === null;
    bar.value = so ?? 0;
    if (so === 0) box.scrollIntoView({ block: "nearest" });
  };
  let to: string | null = null;
  try {
    to = await sent(form, told, stop.signal);
  } catch {
    // Neither a line nor an answer that reads.
  }
  if (stop.signal.aborted) return;
  told(null);
  if (to) location.assign(to);
  else HTMLFormElement.prototype.submit.call(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || !form.matches("[data-pays]")) return;
  event.preventDefault();
  // Sent once, however often it is pressed.
  if (!under_way.has(form)) void send(form);
});

// Whoever comes back by the tab's history finds the form as it was, and may send it again.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const [form, { box, stop }] of under_way) {
    stop.abort();
    box.remove();
    form.ariaBusy = null;
  }
  under_way.clear();
});
