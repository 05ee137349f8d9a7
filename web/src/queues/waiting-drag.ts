// Dragging a waiting call by its grip onto another call of its queue, whose place in line it takes. Keys have the buttons of the row.

import type { Scope } from "../core/scope";

const EDGE = 36;
const SCROLL = 14;

interface Drag {
  row: HTMLElement;
  target: HTMLElement | null;
}

/** Calls `drop` with a row and the place in line on which it was let go. */
export function mountWaitingDrag(scope: Scope, drop: (row: HTMLElement, place: number) => void): void {
  let drag: Drag | null = null;

  const end = (): void => {
    if (!drag) return;
    mark(drag, null);
    drag.row.classList.remove("is-dragged");
    document.body.classList.remove("is-dragging");
    drag = null;
  };

  scope.onEnd(end);
  scope.root.addEventListener(
    "pointerdown",
    (event) => {
      const grip = event.target instanceof Element ? event.target.closest("[data-grip]") : null;
      const row = grip?.closest<HTMLElement>("[data-place]");
      if (!row || event.button !== 0) return;
      // Neither is text selected on the way, nor does the page scroll under a finger.
      event.preventDefault();
      drag = { row, target: null };
      row.classList.add("is-dragged");
      document.body.classList.add("is-dragging");
    },
    scope,
  );
  document.addEventListener(
    "pointermove",
    (event) => {
      if (!drag) return;
      mark(drag, targetAt(event, drag.row));
      scrollAtEdge(event, drag.row);
    },
    scope,
  );
  document.addEventListener(
    "pointerup",
    () => {
      const { row, target } = drag ?? {};
      end();
      if (row && target) drop(row, Number(target.dataset.place));
    },
    scope,
  );
  document.addEventListener("pointercancel", end, scope);
  document.addEventListener(
    "keydown",
    (event) => {
      if (!drag || event.key !== "Escape") return;
      event.preventDefault();
      end();
    },
    { capture: true, signal: scope.signal },
  );
}

/** The row under the pointer, when the dragged call can take its place: a line is one queue's. */
function targetAt(event: PointerEvent, row: HTMLElement): HTMLElement | null {
  const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-place]") ?? null;
  return under && under !== row && under.dataset.inQueue === row.dataset.inQueue ? under : null;
}

function mark(drag: Drag, target: HTMLElement | null): void {
  if (drag.target !== target) delete drag.target?.dataset.drop;
  drag.target = target;
  if (target) target.dataset.drop = Number(target.dataset.place) > Number(drag.row.dataset.place) ? "behind" : "before";
}

function scrollAtEdge(event: PointerEvent, row: HTMLElement): void {
  const list = row.closest<HTMLElement>(".panel-scroll");
  const at = list?.getBoundingClientRect();
  if (!list || !at) return;
  if (event.clientY < at.top + EDGE) list.scrollTop -= SCROLL;
  else if (event.clientY > at.bottom - EDGE) list.scrollTop += SCROLL;
}
