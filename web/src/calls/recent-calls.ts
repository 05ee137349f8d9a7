// My recent calls, fetched anew whenever a call of mine moves on or ends.

import type { Desk, PastCall } from "../api/contract";
import { Fetched } from "../api/fetched";
import { Cell } from "../core/cell";
import { one, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { onCallMoved } from "./moves";
import { mountOwnPart } from "./own-part";
import { mountCallUnserved, pastCallRow } from "./past-call";

const MINE = "/api/v1/calls?mine=1&limit=10";
const UNSERVED = "/api/v1/calls?mine=0&missed=1&limit=30";

type Calls = Fetched<{ items: PastCall[] }>;

/** What of the panel is shown, and to whom. */
interface Shown {
  canDial: boolean;
  mayUnserved: boolean;
  /** Whether whom nobody served is shown, of all queues, in place of the own calls; for supervisors only. */
  unserved: boolean;
}

export function mountRecentCalls(scope: Scope, desk: Cell<Desk | null>): void {
  const calls: Calls = new Fetched(scope, "recent", MINE);
  const canDial = new Cell(false);
  const mayUnserved = new Cell(false);
  const unserved = new Cell(false);
  const body = one("[data-recent]", scope.root);
  scope.render([calls.value, calls.failure, canDial, mayUnserved, unserved], () =>
    render(body, calls, { canDial: canDial.value, mayUnserved: mayUnserved.value, unserved: unserved.value }),
  );
  const learn = (now: Desk | null): void => {
    canDial.value = now?.can_dial ?? false;
    mayUnserved.value = now?.permissions.includes("see_all_calls") ?? false;
  };
  learn(desk.value);
  scope.watch(desk, (now, before) => {
    learn(now);
    // Somebody has left a line, answered or not, or the queue by another way out.
    if (unserved.value && present(now) !== present(before)) void calls.load();
  });
  onCallMoved(scope, desk, () => void calls.load());
  mountCallUnserved(scope, calls);
  mountOwnPart(scope, calls);
  scope.onClick("[data-recent-unserved]", () => {
    unserved.value = !unserved.value;
    void calls.load(unserved.value ? UNSERVED : MINE);
  });
}

/** Who is in a queue, or leaves it: by queue, so that one who leaves as another comes is seen. */
function present(desk: Desk | null | undefined): string {
  return (desk?.queues ?? [])
    .map((queue) => `${queue.waiting} ${queue.leaving} ${queue.calls.map((call) => call.call_id).join()}`)
    .join(";");
}

function render(body: HTMLElement, calls: Calls, { canDial, mayUnserved, unserved }: Shown): void {
  show(one("[data-recent-scope]"), mayUnserved);
  one("[data-recent-unserved]").setAttribute("aria-pressed", String(unserved));
  setText(one("#recent-title"), unserved ? "Not served, all queues" : "My recent calls");
  calls.renderFailure();
  const items = calls.value.value?.items;
  const table = one("table", body.closest("section") ?? document);
  show(table, items ? items.length > 0 : calls.failure.value === null);
  table.classList.toggle("no-dial", !canDial);
  if (!items) return;
  replaceRows(
    body,
    items.map((call) => pastCallRow(call, canDial)),
  );
  show(one("[data-recent-empty]"), items.length === 0);
}

/** Rows about which nothing has changed stay where they are: the keyboard may be on a button of theirs. */
function replaceRows(body: HTMLElement, made: readonly HTMLElement[]): void {
  const known = [...body.children];
  const rows = made.map((row) => known.find((old) => old.isEqualNode(row)) ?? row);
  for (const old of known) if (!rows.includes(old)) old.remove();
  rows.forEach((row, at) => {
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] ?? null);
  });
}
