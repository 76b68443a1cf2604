// The desk: what makes the console quick for a keyboard and quiet for its reader. Without it every page does the same by links and forms.
import { away } from "./away";
import { decide } from "./decide";
import { follow } from "./follow";
import { keys } from "./keys";
import { looks } from "./looks";
import { members } from "./members";
import { next } from "./next";
import { palette } from "./palette";
import { putBack } from "./typed";

document.documentElement.classList.add("desk");

/** Makes a page work that is drawn. */
function start(): void {
  const press = keys();
  palette(press);
  looks();
  putBack();
  members();
  decide();
  const rest = follow();
  away(rest);
}

// Without a line, a form or a link would leave the desk for the browser's own page of errors. What goes without leaving was taken care of by then.
function stay(event: Event): void {
  const offline = document.querySelector<HTMLElement>("#offline");
  if (navigator.onLine || event.defaultPrevented || !offline) return;
  event.preventDefault();
  offline.hidden = false;
}

document.addEventListener("submit", stay);
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest('a[href]:not([target], [href^="#"])')) stay(event);
});

// On a phone its row is longer than the screen.
document.querySelector(".console-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
start();
next(start);
