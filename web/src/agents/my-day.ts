// My day: what I was and for how long, the latest on top.

import type { Change, Desk } from "../api/contract";
import { Fetched } from "../api/fetched";
import type { Cell } from "../core/cell";
import { formatDuration, formatMoment, secondsBetween, setClock } from "../core/clock";
import { element, icon, one, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { STATE_WORDS } from "../core/words";

const SHOWN = 8;

type Changes = Fetched<{ items: Change[] }>;

export function mountMyDay(scope: Scope, desk: Cell<Desk | null>): void {
  const changes: Changes = new Fetched(scope, "my-day", "/api/v1/agent/changes?limit=40");
  const list = one("[data-my-day]", scope.root);
  scope.render([changes.value, changes.failure], () => render(list, changes));
  if (desk.value) void changes.load();
  scope.watch(desk, (now, before) => {
    const moved = now?.agent.state !== before?.agent.state || now?.agent.since !== before?.agent.since;
    if (now && (moved || now.memberships !== before?.memberships)) void changes.load();
  });
}

function render(list: HTMLElement, changes: Changes): void {
  changes.renderFailure();
  const items = changes.value.value?.items;
  show(list, items ? items.length > 0 : changes.failure.value === null);
  if (!items) return;
  show(one("[data-my-day-empty]"), items.length === 0);
  list.replaceChildren(...items.slice(0, SHOWN).map((change, at) => line(change, nextOf(items, at))));
}

/** When this ended: at the next change of the same kind, whether of the state or of one queue. */
function nextOf(items: readonly Change[], at: number): string | null {
  const queue = items[at]?.queue ?? null;
  return (
    items
      .slice(0, at)
      .reverse()
      .find((later) => later.queue === queue)?.at ?? null
  );
}

function line(change: Change, until: string | null): HTMLElement {
  const length = element("span", { class: "figures day-length" });
  const over = change.queue !== null && change.state === "idle";
  if (until !== null) setClock(length, "since", null, formatDuration(secondsBetween(change.at, until)));
  else if (!over) setClock(length, "since", change.at);
  return element(
    "li",
    { "data-testid": "my-change", "data-value": change.state },
    element("span", { class: "figures day-at" }, formatMoment(change.at)),
    element("span", { class: "day-icon" }, icon(over ? "play" : STATE_WORDS[change.state].icon)),
    element("span", { class: "day-what" }, words(change)),
    length,
  );
}

function words(change: Change): string {
  if (change.queue !== null) {
    if (change.state === "idle") return `Back in ${change.queue}`;
    return change.reason ? `Paused for ${change.queue}: ${change.reason}` : `Paused for ${change.queue}`;
  }
  const word = STATE_WORDS[change.state].word;
  return change.state === "paused" && change.reason ? `${word}: ${change.reason}` : word;
}
