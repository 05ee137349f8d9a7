// How many of my calls were answered and how many were not: the current month inside, yesterday around it.

import type { Desk, Rate, Rates } from "../api/contract";
import { Fetched } from "../api/fetched";
import { onCallMoved } from "../calls/moves";
import type { Cell } from "../core/cell";
import { serverNow } from "../core/clock";
import { one, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { rings } from "./rings";

/** How soon after midnight the page notices that another day has begun. */
const DAY_CHECK_MS = 30_000;

export function mountRate(scope: Scope, desk: Cell<Desk | null>): void {
  const rates = new Fetched<Rates>(scope, "rate", "/api/v1/agent/rate");
  const body = one("[data-rate]", scope.root);
  scope.render([rates.value, rates.failure], () => render(body, rates));
  onCallMoved(scope, desk, () => void rates.load());
  scope.every(DAY_CHECK_MS, () => {
    const until = rates.value.value?.until;
    if (until && serverNow() >= Date.parse(until)) void rates.load();
  });
}

function render(body: HTMLElement, rates: Fetched<Rates>): void {
  rates.renderFailure();
  const found = rates.value.value;
  const empty = found !== null && total(found.month) + total(found.yesterday) === 0;
  show(one("[data-rate-empty]"), empty);
  show(one("[data-rate-bones]"), found === null && rates.failure.value === null);
  show(body, found !== null && !empty);
  if (!found) return;
  one("[data-rate-rings]", body).replaceChildren(
    rings(found.month, found.yesterday, percentOf(answeredPercent(found.month)), sentence(found)),
  );
  for (const period of ["month", "yesterday"] as const)
    renderPeriod(one(`[data-rate-period="${period}"]`, body), found[period]);
}

function renderPeriod(part: HTMLElement, rate: Rate): void {
  const share = answeredPercent(rate);
  for (const [kind, count, percent] of [
    ["answered", rate.answered, share],
    ["not_answered", rate.not_answered, share === null ? null : 100 - share],
  ] as const) {
    setText(one(`[data-count="${kind}"]`, part), String(count));
    setText(one(`[data-percent="${kind}"]`, part), percentOf(percent));
  }
}

function percentOf(share: number | null): string {
  return share === null ? "–" : `${share} %`;
}

function total(rate: Rate): number {
  return rate.answered + rate.not_answered;
}

/** In whole per cent; 0 and 100 are kept for none and all. Null when there were no calls. */
function answeredPercent(rate: Rate): number | null {
  const all = total(rate);
  if (all === 0) return null;
  if (rate.answered === 0 || rate.not_answered === 0) return rate.answered === 0 ? 0 : 100;
  return Math.min(99, Math.max(1, Math.round((100 * rate.answered) / all)));
}

function sentence({ month, yesterday }: Rates): string {
  return `${inWords("This month", month)} ${inWords("Yesterday", yesterday)}`;
}

function inWords(when: string, rate: Rate): string {
  const share = answeredPercent(rate);
  if (share === null) return `${when}: no calls.`;
  return `${when}: ${rate.answered} answered, ${share} per cent, and ${rate.not_answered} not answered, ${100 - share} per cent.`;
}
