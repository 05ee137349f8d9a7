// The queues: how many wait in each, for how long the first has waited, and whether I am paused there.

import type { Desk, Membership, Queue } from "../api/contract";
import { Cell } from "../core/cell";
import { setClock } from "../core/clock";
import { element, one, placeRows, say, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { areMany, freeFor, type Shown, shownQueues } from "./order";
import { mountQueuePause, pauseCell, renderPauseCell } from "./pause";

export function mountQueues(scope: Scope, desk: Cell<Desk | null>): void {
  const wanted = new Cell("");
  const unfolded = new Cell(false);
  const queuePause = mountQueuePause(scope, desk);
  const body = one("[data-queues]", scope.root);
  scope.render([desk, queuePause, wanted, unfolded], () => {
    if (!desk.value) return;
    const { queues, memberships } = desk.value;
    const mine = new Map(memberships.items.map((found) => [found.queue_id, found]));
    setText(one("#queues-title"), desk.value.agents ? "Queues" : "My queues");
    const shown = shownQueues(queues, mine, wanted.value, unfolded.value);
    const free = desk.value.agents ? freeFor(desk.value.agents) : null;
    const rows = shown.rows.map((queue) =>
      row(body, queue, {
        membership: mine.get(queue.queue_id),
        free,
        pausing: queuePause.value.pending === queue.queue_id,
      }),
    );
    placeRows(body, rows);
    show(one("[data-queues-empty]"), queues.length === 0);
    const table = one("table", body.closest("section") ?? document);
    show(table, queues.length > 0);
    table.classList.toggle("is-nobodys", mine.size === 0);
    table.classList.toggle("has-free", free !== null);
    renderFold(queues, shown, wanted.value.trim(), unfolded.value);
    const total = queues.reduce((sum, queue) => sum + queue.waiting, 0);
    const busy = queues.filter((queue) => queue.waiting > 0).length;
    const where = areMany(queues) ? ` in ${busy} of ${queues.length} queues` : "";
    const leaving = queues.reduce((sum, queue) => sum + queue.leaving, 0);
    const others = leaving > 0 ? ` · ${leaving} not served, at a message or voicemail` : "";
    setText(one("[data-queues-total]"), (total > 0 ? `${total} waiting${where}` : "No one is waiting") + others);
    say(one("[data-queues-message]"), queuePause.value.message);
  });
  const search = one<HTMLInputElement>("[data-queues-search]", scope.root);
  search.addEventListener("input", () => {
    wanted.value = search.value;
  });
  scope.onClick("[data-queues-more]", () => {
    unfolded.value = !unfolded.value;
  });
}

function renderFold(queues: readonly Queue[], { rows, folded }: Shown, search: string, unfolded: boolean): void {
  const many = areMany(queues);
  show(one("[data-queues-search]"), many);
  const more = one("[data-queues-more]");
  show(more, many && search === "" && (folded > 0 || unfolded));
  setText(more, unfolded ? "Fold quiet queues" : `Show ${folded} more, where nobody waits`);
  more.setAttribute("aria-expanded", String(unfolded));
  const none = one("[data-queues-none]");
  show(none, queues.length > 0 && rows.length === 0);
  setText(none, `No queue is called “${search}”.`);
}

interface About {
  membership: Membership | undefined;
  free: ReadonlyMap<string, number> | null;
  /** Whether a pause of this queue is on its way. */
  pausing: boolean;
}

/** The row of a queue, kept from the last time where there is one, so that nothing flickers. */
function row(body: HTMLElement, queue: Queue, { membership, free, pausing }: About): HTMLElement {
  const known = [...body.children].find((child) => (child as HTMLElement).dataset.queue === queue.queue_id);
  const made = (known as HTMLElement | undefined) ?? emptyRow(queue);
  const [name, waiting, longest, freeCell, pause] = [...made.children] as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  setText(name, queue.name);
  setText(one(".count", waiting), String(queue.waiting));
  made.classList.toggle("is-busy", queue.waiting > 0);
  made.classList.toggle("is-paused", Boolean(membership?.paused_at));
  const since = queue.waiting > 0 ? queue.longest_since : null;
  if (longest.dataset.since !== (since ?? undefined)) setClock(longest, "since", since, "–");
  if (since === null) setText(longest, "–");
  const count = free?.get(queue.queue_id) ?? 0;
  setText(freeCell, free ? String(count) : "");
  freeCell.title = free ? `${count} free for ${queue.name}` : "";
  made.classList.toggle("is-uncovered", free !== null && count === 0 && queue.waiting > 0);
  renderPauseCell(pause, queue, membership, pausing);
  return made;
}

function emptyRow(queue: Queue): HTMLElement {
  return element(
    "tr",
    { "data-queue": queue.queue_id, "data-testid": "queue-row" },
    element("th", { scope: "row" }),
    element("td", { class: "number" }, element("span", { class: "count figures" })),
    element("td", { class: "number figures" }),
    element("td", { class: "number figures cell-free", "data-testid": "queue-free" }),
    pauseCell(queue),
  );
}
