// The queues: how many wait in each, for how long the first has waited, and whether I am paused there.

import { renderOn, type Cell } from "./cell";
import { setClock } from "./clock";
import type { Desk, Membership, Queue } from "./contract";
import { element, maybe, one, setText, show } from "./dom";
import { page } from "./page";
import { pauseCell, queuePause, renderPauseCell } from "./queue-pause";

export function mountQueues(desk: Cell<Desk | null>): void {
  renderOn([desk, queuePause, page], () => {
    const body = maybe("[data-queues]");
    if (!body || !desk.value) return;
    const { queues, memberships } = desk.value;
    const mine = new Map(memberships.items.map((found) => [found.queue_id, found]));
    setText(one("#queues-title"), desk.value.agents ? "Queues" : "My queues");
    const rows = queues.map((queue) => row(body, queue, mine.get(queue.queue_id)));
    if (rows.length !== body.children.length || rows.some((made, at) => made !== body.children[at])) body.replaceChildren(...rows);
    show(one("[data-queues-empty]"), queues.length === 0);
    const table = one("table", body.closest("section") ?? document);
    show(table, queues.length > 0);
    table.classList.toggle("is-nobodys", mine.size === 0);
    const total = queues.reduce((sum, queue) => sum + queue.waiting, 0);
    setText(one("[data-queues-total]"), total > 0 ? `${total} waiting` : "No one is waiting");
    const refusal = one("[data-queues-message]");
    setText(refusal, queuePause.value.message ?? "");
    show(refusal, queuePause.value.message !== null);
  });
}

/** The row of a queue, kept from the last time where there is one, so that nothing flickers. */
function row(body: HTMLElement, queue: Queue, membership: Membership | undefined): HTMLElement {
  const known = [...body.children].find((child) => (child as HTMLElement).dataset["queue"] === queue.queue_id);
  const made = (known as HTMLElement | undefined) ?? emptyRow(queue);
  const [name, waiting, longest, pause] = [...made.children] as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  setText(name, queue.name);
  setText(one(".count", waiting), String(queue.waiting));
  made.classList.toggle("is-busy", queue.waiting > 0);
  made.classList.toggle("is-paused", Boolean(membership?.paused_at));
  const since = queue.waiting > 0 ? queue.longest_since : null;
  if (longest.dataset["since"] !== (since ?? undefined)) setClock(longest, "since", since, "–");
  if (since === null) setText(longest, "–");
  renderPauseCell(pause, queue, membership);
  return made;
}

function emptyRow(queue: Queue): HTMLElement {
  return element(
    "tr",
    { "data-queue": queue.queue_id, "data-testid": "queue-row" },
    element("th", { scope: "row" }),
    element("td", { class: "number" }, element("span", { class: "count figures" })),
    element("td", { class: "number figures" }),
    pauseCell(queue),
  );
}
