// Sending a decision: once, whatever the line and the fingers do. The form is known by its token, so that what is sent again decides nothing again.
import { alone, go, isBusy } from "./next";
import { shown } from "./shown";
import { done, keep, shutOut } from "./typed";

const PATIENCE_MS = 20_000;

type Said = { to?: string; again?: string | null; error?: string; title?: string };

/** What an answer says, also one that is a page. */
function read(text: string): Said {
  try {
    return JSON.parse(text) as Said;
  } catch {
    return { title: new DOMParser().parseFromString(text, "text/html").querySelector("h1")?.textContent ?? "" };
  }
}

export function decide(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-once]");
  if (!form) return;
  const says = document.querySelector<HTMLElement>("[data-unsent]");
  // Whoever names another ground does not mean the one that is chosen.
  const other = form.querySelector<HTMLInputElement>("[data-other]");
  for (const field of form.querySelectorAll("[data-names]")) field.addEventListener("input", () => other && (other.checked = true));
  // Beside a case the form scrolls by itself: what the poster reads is seen before it is sent.
  const facts = form.querySelector<HTMLElement>("textarea[name=facts]");
  for (const action of form.querySelectorAll("[name=action]")) {
    action.addEventListener("change", () => matchMedia("(min-width: 60rem)").matches && facts?.scrollIntoView({ block: "nearest" }));
  }
  // Under the thumb there is one way to decide: to the form, and where that is on the screen its own button.
  const thumb = document.querySelector<HTMLElement>(".thumb");
  if (thumb) {
    const sees = new IntersectionObserver((all) => all.forEach(({ isIntersecting }) => (thumb.hidden = isIntersecting)), { rootMargin: "0px 0px -40% 0px" });
    sees.observe(form);
    shown().addEventListener("abort", () => sees.disconnect());
  }
  const tell = (words: string) => {
    if (!says) return;
    says.hidden = false;
    const place = says.querySelector("p");
    if (place) place.textContent = words;
    says.scrollIntoView({ block: "nearest" });
  };
  // A field of the form is named like this property, and hides it.
  const to = form.getAttribute("action") ?? "";
  const send = async () => {
    form.ariaBusy = "true";
    if (says) says.hidden = true;
    try {
      const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
      const answer = await fetch(to, { method: "POST", body, headers: { accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
      // Nothing was decided.
      if (answer.type === "opaqueredirect") return shutOut();
      const { to: next, again, error, title } = read(await answer.text());
      if (again) {
        keep();
        return location.assign(again);
      }
      if (next) {
        done(form);
        await go(next);
      } else {
        const refused = answer.status >= 400 && answer.status < 500 ? `${says?.dataset.refused} ${title || answer.status}` : says?.dataset.unsent;
        tell(error ?? refused ?? "");
      }
    } catch {
      tell(says?.dataset.unsent ?? "");
    }
    form.ariaBusy = "false";
  };
  form.addEventListener("submit", (event) => {
    // The button that keeps the members sends its form the ordinary way.
    if ((event.submitter as HTMLButtonElement | null)?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (!isBusy()) void alone(send);
  });
}
