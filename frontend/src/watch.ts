// The pages of the site's state, and of whether anybody is at home, keep themselves up to date: the part that changes is asked for anew while somebody
// looks. What has not changed is left alone, so that nothing moves under a finger, and what was opened stays open. Without this script a page is as it
// was when it was loaded.

import { mark } from "./keys";
import { shutOut } from "./typed";

const EVERY_MS = 5_000;
const PATIENCE_MS = 20_000;

const place = document.querySelector<HTMLElement>("#watch[data-now]");

/** What is new of `from` takes the place of what stands at `to`, part by part. */
function renew(to: Element, from: Element) {
  const standing = [...to.children];
  const fresh = [...from.children];
  if (standing.length !== fresh.length || standing.some((part, number) => part.id !== fresh[number]?.id)) {
    to.replaceChildren(...fresh);
    return;
  }
  standing.forEach((part, number) => {
    const next = fresh[number];
    if (!next) return;
    for (const details of part.querySelectorAll<HTMLDetailsElement>("details[id][open]")) next.querySelector(`#${details.id}`)?.setAttribute("open", "");
    if (part.isEqualNode(next)) return;
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const of_kind = (within: Element) => [...within.querySelectorAll<HTMLElement>("a, button, summary")];
    const at = focused ? of_kind(part).indexOf(focused as HTMLElement) : -1;
    // A status stays where it is: only then is a change of it read out.
    if (part.getAttribute("role") === "status") {
      // What was told when the page came is not so any more.
      document.querySelector("[data-told]")?.remove();
      part.className = next.className;
      part.replaceChildren(...next.childNodes);
    } else part.replaceWith(next);
    if (at >= 0) of_kind(part.isConnected ? part : next)[at]?.focus({ preventScroll: true });
  });
}

/** Whether the site answers, by more than a colour. */
function tell(place: HTMLElement, answers: boolean) {
  place.className = answers ? "live" : "lost";
  const offline = document.querySelector<HTMLElement>("#offline");
  if (offline) offline.hidden = answers;
}

/** Sends a form of the page. One that meets no answer would leave the page for the browser's own page of errors. */
async function send(place: HTMLElement, form: HTMLFormElement) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const answer = await fetch(form.getAttribute("action") ?? "", { method: "POST", body, headers: { accept: "text/html" }, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok) return location.assign(answer.url);
    // What a no says is a page of its own. Sent twice, it says the same.
    form.submit();
  } catch {
    tell(place, false);
  }
  form.ariaBusy = "false";
}

async function look(place: HTMLElement) {
  try {
    const answer = await fetch(place.dataset.now ?? "", { headers: { accept: "text/html" }, redirect: "manual", signal: AbortSignal.timeout(EVERY_MS * 2) });
    if (answer.type === "opaqueredirect") return shutOut();
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = fresh.querySelector("#watch") ?? fresh.body;
    mark(now);
    renew(place, now);
    tell(place, true);
  } catch {
    // What stands is as old as it says.
    tell(place, false);
  }
}

if (place) {
  place.className = "live";
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) void send(place, event.target);
  });
  let asking = false;
  setInterval(async () => {
    if (asking || document.hidden) return;
    asking = true;
    await look(place);
    asking = false;
  }, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !asking) void look(place);
  });
}
