// My recent calls, fetched anew whenever a call of mine ends.

import { get } from "./api";
import { callerName, callerNumber } from "./caller";
import { Cell, renderOn } from "./cell";
import { formatDuration, formatMoment } from "./clock";
import type { Desk, PastCall } from "./contract";
import { element, icon, maybe, one, setText, show } from "./dom";
import { page } from "./page";
import { CALL_TYPES, DISPOSITIONS } from "./words";

const calls = new Cell<PastCall[] | null>(null);
const failure = new Cell<string | null>(null);

export function mountRecentCalls(desk: Cell<Desk | null>): void {
  renderOn([calls, failure, page], render);
  desk.watch((now, before) => {
    const left = before?.call && before.call.stage !== now?.call?.stage;
    if (before === null || left) void fetchCalls();
  });
}

async function fetchCalls(): Promise<void> {
  try {
    calls.value = (await get<{ items: PastCall[] }>("/api/v1/calls?mine=1&limit=10")).items;
    failure.value = null;
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

function render(): void {
  const body = maybe("[data-recent]");
  if (!body) return;
  setText(one("[data-recent-note]"), failure.value ?? "");
  if (!calls.value) return;
  body.replaceChildren(...calls.value.map(row));
  show(one("[data-recent-empty]"), calls.value.length === 0);
  show(one("table", body.closest("section") ?? document), calls.value.length > 0);
}

function row(call: PastCall): HTMLElement {
  const number = callerNumber(call);
  const who = element("div", { class: "who" }, element("strong", {}, call.caller_name ? callerName(call) : number));
  if (call.caller_name) who.append(element("span", { class: "figures" }, number));
  who.title = `${callerName(call)} ${number}`;
  const type = element("span", { class: "type", title: CALL_TYPES[call.type] ?? call.type }, icon(call.type === "inbound" ? "call-in" : "call"));
  const known = DISPOSITIONS[call.disposition];
  const outcome = element("span", { class: `outcome outcome-${known?.tone ?? "quiet"}` }, known?.word ?? call.disposition);
  return element(
    "tr",
    { "data-testid": "recent-call" },
    element("td", {}, element("div", { class: "caller-cell" }, type, who)),
    element("td", {}, call.queue ?? "–"),
    element("td", {}, outcome),
    element("td", { class: "number figures" }, formatMoment(call.started_at)),
    element("td", { class: "number figures" }, formatDuration(call.duration)),
  );
}
