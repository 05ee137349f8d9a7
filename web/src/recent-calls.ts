// My recent calls, fetched anew whenever a call of mine ends.

import { callerName, callerNumber } from "./caller";
import { renderOn, type Cell } from "./cell";
import { formatDuration, formatMoment } from "./clock";
import type { Desk, PastCall } from "./contract";
import { element, icon, maybe, one, show } from "./dom";
import { Fetched } from "./fetched";
import { page } from "./page";
import { CALL_TYPES, DISPOSITIONS } from "./words";

const calls = new Fetched<{ items: PastCall[] }>("recent", "/api/v1/calls?mine=1&limit=10");

export function mountRecentCalls(desk: Cell<Desk | null>): void {
  renderOn([calls.value, calls.failure, page], render);
  desk.watch((now, before) => {
    const left = before?.call && before.call.stage !== now?.call?.stage;
    if (before === null || left) void calls.load();
  });
}

function render(): void {
  const body = maybe("[data-recent]");
  if (!body) return;
  calls.renderFailure();
  const items = calls.value.value?.items;
  show(one("table", body.closest("section") ?? document), items ? items.length > 0 : calls.failure.value === null);
  if (!items) return;
  body.replaceChildren(...items.map(row));
  show(one("[data-recent-empty]"), items.length === 0);
}

function row(call: PastCall): HTMLElement {
  const number = callerNumber(call);
  const who = element("div", { class: "who" }, element("strong", {}, call.caller_name ? callerName(call) : number));
  if (call.caller_name) who.append(element("span", { class: "figures" }, number));
  who.title = `${callerName(call)} ${number}`;
  const type = element("span", { class: "type", title: CALL_TYPES[call.type] ?? call.type }, icon(call.type === "inbound" ? "call-in" : "call"));
  const known = DISPOSITIONS[call.disposition];
  const outcome = element("span", { class: `outcome outcome-${known?.tone ?? "quiet"}` }, known?.word ?? call.disposition);
  const result = element("td", {}, outcome);
  if (call.wrap_up_code) result.append(element("span", { class: "outcome-code", title: "Wrap-up code" }, call.wrap_up_code));
  return element(
    "tr",
    { "data-testid": "recent-call" },
    element("td", {}, element("div", { class: "caller-cell" }, type, who)),
    element("td", {}, call.queue ?? "–"),
    result,
    element("td", { class: "number figures" }, formatMoment(call.started_at)),
    element("td", { class: "number figures" }, formatDuration(call.duration)),
  );
}
