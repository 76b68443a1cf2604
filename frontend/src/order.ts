// The order of rows in a list: by dragging a handle with mouse, pen or finger; by arrow keys on the handle; by buttons.

import { part } from "./words.js";

/** Makes the children of `list` movable. Each has a `.handle` and buttons `.earlier` and `.later`; `moved` is told of each row's new place. */
export function movable(list: HTMLElement, moved: (row: HTMLElement, place: number) => void) {
  const rows = () => [...list.children] as HTMLElement[];
  const move = (row: HTMLElement, to: number) => {
    const all = rows();
    const from = all.indexOf(row);
    const place = Math.max(0, Math.min(all.length - 1, to));
    if (place === from) return;
    if (place < from) all[place]?.before(row);
    else all[place]?.after(row);
    moved(row, place);
  };
  const rowOf = (target: EventTarget | null) => rows().find((row) => row.contains(target as Node | null));

  list.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button");
    const row = rowOf(button);
    const step = button?.matches(".earlier") ? -1 : button?.matches(".later") ? 1 : 0;
    if (!row || !button || !step) return;
    move(row, rows().indexOf(row) + step);
    // Moving a row in the document takes the focus off it.
    button.focus();
  });
  list.addEventListener("keydown", (event) => {
    const row = (event.target as Element).matches(".handle") ? rowOf(event.target) : null;
    if (!row) return;
    const place = rows().indexOf(row);
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: Infinity }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(row, to);
    part(row, ".handle").focus();
  });

  let dragged: HTMLElement | null = null;
  let begun = 0;
  list.addEventListener("pointerdown", (event) => {
    const row = (event.target as Element).closest(".handle") ? rowOf(event.target) : null;
    if (!row || event.button > 0) return;
    dragged = row;
    begun = rows().indexOf(row);
    row.classList.add("dragged");
    // The list, not the handle: a handle that is moved in the document loses the pointer.
    list.setPointerCapture(event.pointerId);
    event.preventDefault();
    part(row, ".handle").focus();
  });
  list.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    if (event.clientY < 60) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 60) scrollBy(0, 12);
    const over = rows().find((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return event.clientY >= top && event.clientY < bottom;
    });
    if (!over || over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    const before = rows().indexOf(over) < rows().indexOf(dragged);
    // Only once the pointer is beyond the middle: rows of different heights would swap to and fro.
    if (before && event.clientY < top + height / 2) over.before(dragged);
    else if (!before && event.clientY > top + height / 2) over.after(dragged);
  });
  const drop = () => {
    if (!dragged) return;
    const row = dragged;
    dragged = null;
    row.classList.remove("dragged");
    part(row, ".handle").focus();
    const place = rows().indexOf(row);
    if (place !== begun) moved(row, place);
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
}
