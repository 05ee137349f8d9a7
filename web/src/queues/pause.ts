// Pausing for one queue only: the button in the queue's row, its menu of reasons, and the way back.

import { put, reasonFor, remove } from "../api/client";
import type { Desk, Membership, Queue } from "../api/contract";
import { Cell } from "../core/cell";
import { setClock } from "../core/clock";
import { element, icon, onClick, one, setPending, setText, show } from "../core/dom";
import { closeMenus } from "../core/menu";
import type { Scope } from "../core/scope";

export interface QueuePause {
  pending: string | null;
  message: string | null;
}

export function mountQueuePause(scope: Scope, desk: Cell<Desk | null>): Cell<QueuePause> {
  const state = new Cell<QueuePause>({ pending: null, message: null });
  const menu = one("#queue-pause-menu");
  // Before the menu opens: it is one for all rows.
  document.addEventListener("click", (event) => rememberQueue(menu, event.target, desk.value?.queues ?? []), {
    capture: true,
    signal: scope.signal,
  });
  const everywhere = { root: document, signal: scope.signal };
  onClick(
    "#queue-pause-menu [data-pause-reason]",
    (item) => {
      const queue = menu.dataset.queue ?? "";
      closeMenus();
      void change(state, queue, () => put(address(queue), { reason: item.dataset.pauseReason ?? null }));
    },
    everywhere,
  );
  scope.onClick("[data-resume-queue]", (button) => {
    const queue = button.dataset.resumeQueue ?? "";
    void change(state, queue, () => remove(address(queue)));
  });
  // The menu stands in the shell, and would stay open over another page.
  scope.onEnd(closeMenus);
  return state;
}

function rememberQueue(menu: HTMLElement, target: EventTarget | null, queues: readonly Queue[]): void {
  const button = target instanceof Element ? target.closest<HTMLElement>("[data-pause-queue]") : null;
  if (!button) return;
  menu.dataset.queue = button.dataset.pauseQueue ?? "";
  const queue = queues.find((known) => known.queue_id === menu.dataset.queue);
  setText(one("[data-queue-pause-title]", menu), `Pause only ${queue?.name ?? "this queue"}`);
}

/** The new state comes over the live line. */
async function change(state: Cell<QueuePause>, queue: string, act: () => Promise<unknown>): Promise<void> {
  if (state.value.pending) return;
  state.value = { pending: queue, message: null };
  let message: string | null = null;
  try {
    await act();
  } catch (error) {
    message = reasonFor(error);
  }
  state.value = { pending: null, message };
}

function address(queue: string): string {
  return `/api/v1/agent/queues/${encodeURIComponent(queue)}/pause`;
}

/** What stands in a queue's row: a button to pause, or since when and why I am paused there. Empty: not my queue. */
export function pauseCell(queue: Queue): HTMLElement {
  const pause = element(
    "button",
    {
      class: "button button-small button-quiet",
      type: "button",
      "data-menu": "queue-pause-menu",
      "data-pause-queue": queue.queue_id,
      "data-testid": "queue-pause",
      "aria-haspopup": "true",
      "aria-expanded": "false",
    },
    icon("pause"),
    element("span", {}, "Pause"),
  );
  const paused = element(
    "span",
    { class: "chip chip-paused", "data-testid": "queue-paused" },
    icon("pause"),
    element("span", { "data-queue-reason": true }),
    element("span", { class: "figures", "data-queue-clock": true }),
  );
  const resume = element(
    "button",
    {
      class: "button button-small",
      type: "button",
      "data-resume-queue": queue.queue_id,
      "data-testid": "queue-resume",
    },
    icon("play"),
    element("span", {}, "Resume"),
  );
  return element("td", { class: "pause-cell" }, element("div", {}, pause, paused, resume));
}

export function renderPauseCell(
  cell: HTMLElement,
  queue: Queue,
  membership: Membership | undefined,
  pending: boolean,
): void {
  const since = membership?.paused_at ?? null;
  const pause = one("[data-pause-queue]", cell);
  const resume = one("[data-resume-queue]", cell);
  const focused = document.activeElement;
  show(pause, membership !== undefined && since === null);
  show(one(".chip-paused", cell), since !== null);
  show(resume, since !== null);
  if (focused === pause && pause.hidden) resume.focus();
  if (focused === resume && resume.hidden) pause.focus();
  setText(one("[data-queue-reason]", cell), membership?.paused_reason ?? "Paused");
  const clock = one("[data-queue-clock]", cell);
  if (clock.dataset.since !== (since ?? undefined)) setClock(clock, "since", since);
  pause.setAttribute("aria-label", `Pause only ${queue.name}`);
  resume.setAttribute("aria-label", `Resume calls of ${queue.name}`);
  setPending(pause, pending);
  setPending(resume, pending);
}
