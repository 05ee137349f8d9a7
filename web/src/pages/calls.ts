// My calls: all of them, back to the first one, and those that I missed.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { PastCall } from "../api/contract";
import { whenCallMoves } from "../calls/moves";
import { mountOwnPart } from "../calls/own-part";
import { mountCallUnserved, pastCallRow } from "../calls/past-call";
import { countWords, Listing } from "../lists/listing";
import { countNote, emptyLine, failure, instead, moreButton, segments, selectFilter } from "../lists/view";
import { t } from "../texts/texts";
import type { Address } from "./address";
import type { Page } from "./page";

const WHICH = [
  ["", t("calls.which.all")],
  ["1", t("calls.missed")],
] as const;
const DAYS = [
  ["", t("calls.since.any")],
  ["1", t("calls.since.today")],
  ["7", t("calls.since.days", { count: 7 })],
  ["30", t("calls.since.days", { count: 30 })],
] as const;
const CELLS = 7;
/** The server counts no further. */
const COUNTED = 200;

export const calls: Page = {
  path: "/calls",
  title: t("calls.title"),
  icon: "history",
  permission: "take_calls",
  mount(scope, { desk, address }) {
    const list = new Listing<PastCall>(scope, "calls", "/api/v1/calls", "before");
    const load = (): Promise<void> =>
      list.load({ mine: "1", counted: "1", missed: address.get("missed"), days: address.get("days") });
    mountCallUnserved(scope, list);
    mountOwnPart(scope, list);
    scope.watch(address.query, () => void load());
    scope.render([...list.cells, address.query, desk], () =>
      render(page(list, address, desk.value?.can_dial ?? false), scope.root),
    );
    void load();
    whenCallMoves(scope, desk, () => void list.load());
  },
};

function page(list: Listing<PastCall>, address: Address, canDial: boolean): TemplateResult {
  const { items } = list.value.value ?? {};
  return html`
    <h1 class="page-title">${t("calls.title")}</h1>
    <section class="panel" aria-label=${t("calls.title")} data-testid="calls">
      <div class="list-head">
        ${segments(t("calls.which"), address, "missed", WHICH)}
        ${selectFilter(t("calls.since"), address, "days", DAYS)}
        ${countNote(list, (count) => countWords("calls", count, COUNTED))}
      </div>
      ${failure(list)}
      <p class="panel-message" data-dial-message role="alert" hidden></p>
      ${instead(list, CELLS, empty(list, address))}
      ${items && items.length > 0 ? table(items, canDial) : nothing}
      ${moreButton(list)}
    </section>`;
}

function empty(list: Listing<PastCall>, address: Address): TemplateResult {
  const missed = address.get("missed") === "1";
  if (list.value.value?.next) return emptyLine("history", t("calls.empty.further"), t("calls.empty.further.words"));
  if (address.get("days") !== "")
    return emptyLine(
      "history",
      t(missed ? "calls.empty.time.missed" : "calls.empty.time"),
      t("calls.empty.time.words"),
    );
  return missed
    ? emptyLine("history", t("calls.empty.missed"), t("calls.empty.missed.words"))
    : emptyLine("history", t("calls.empty"), t("calls.empty.words"));
}

/** A call about which nothing has changed keeps its row: the keyboard may be on its button. */
function table(items: readonly PastCall[], canDial: boolean): TemplateResult {
  return html`<div class="list-scroll"><table class="data calls ${canDial ? "" : "no-dial"}">
    <thead>
      <tr>
        <th scope="col" class="cell-type"><span>${t("calls.column.type")}</span></th>
        <th scope="col">${t("calls.column.caller")}</th>
        <th scope="col">${t("calls.column.queue")}</th>
        <th scope="col">${t("calls.column.outcome")}</th>
        <th scope="col" class="number cell-began">${t("calls.column.started")}</th>
        <th scope="col" class="number">${t("calls.column.duration")}</th>
        ${canDial ? html`<th scope="col" class="cell-dial"><span class="visually-hidden">${t("calls.callBack")}</span></th>` : nothing}
      </tr>
    </thead>
    <tbody>${repeat(
      items,
      (call) => call.call_id,
      (call) => guard([JSON.stringify(call), canDial], () => pastCallRow(call, canDial)),
    )}</tbody>
  </table></div>`;
}
