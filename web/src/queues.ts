// My queues: how many wait in each and for how long the first has waited.

import { renderOn, type Cell } from "./cell";
import { setClock } from "./clock";
import type { Desk, Queue } from "./contract";
import { element, maybe, one, setText, show } from "./dom";
import { page } from "./page";

export function mountQueues(desk: Cell<Desk | null>): void {
  renderOn([desk, page], () => {
    const body = maybe("[data-queues]");
    if (!body || !desk.value) return;
    const queues = desk.value.queues;
    const rows = queues.map((queue) => row(body, queue));
    body.replaceChildren(...rows);
    show(one("[data-queues-empty]"), queues.length === 0);
    show(one("table", body.closest("section") ?? document), queues.length > 0);
    const total = queues.reduce((sum, queue) => sum + queue.waiting, 0);
    setText(one("[data-queues-total]"), total > 0 ? `${total} waiting` : "No one is waiting");
  });
}

/** The row of a queue, kept from the last time where there is one, so that nothing flickers. */
function row(body: HTMLElement, queue: Queue): HTMLElement {
  const known = [...body.children].find((child) => (child as HTMLElement).dataset["queue"] === queue.queue_id);
  const made = (known as HTMLElement | undefined) ?? emptyRow(queue.queue_id);
  const [name, waiting, longest] = [...made.children] as [HTMLElement, HTMLElement, HTMLElement];
  setText(name, queue.name);
  setText(one(".count", waiting), String(queue.waiting));
  made.classList.toggle("is-busy", queue.waiting > 0);
  const since = queue.waiting > 0 ? queue.longest_since : null;
  if (longest.dataset["since"] !== (since ?? undefined)) setClock(longest, "since", since, "–");
  if (since === null) setText(longest, "–");
  return made;
}

function emptyRow(id: string): HTMLElement {
  return element(
    "tr",
    { "data-queue": id, "data-testid": "queue-row" },
    element("th", { scope: "row" }),
    element("td", { class: "number" }, element("span", { class: "count figures" })),
    element("td", { class: "number figures" }),
  );
}
