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
import type { Address } from "./address";
import type { Page } from "./page";

const WHICH = [
  ["", "All"],
  ["1", "Missed"],
] as const;
const DAYS = [
  ["", "Any time"],
  ["1", "Today"],
  ["7", "Last 7 days"],
  ["30", "Last 30 days"],
] as const;
const CELLS = 7;
/** The server counts no further. */
const COUNTED = 200;

export const calls: Page = {
  path: "/calls",
  title: "My calls",
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
    <h1 class="page-title">My calls</h1>
    <section class="panel" aria-label="My calls" data-testid="calls">
      <div class="list-head">
        ${segments("Which calls", address, "missed", WHICH)}
        ${selectFilter("Since when", address, "days", DAYS)}
        ${countNote(list, (count) => countWords(count, "call", "calls", COUNTED))}
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
  if (list.value.value?.next) return emptyLine("history", "None of late.", "Show more looks further back.");
  if (address.get("days") !== "")
    return emptyLine("history", missed ? "No missed calls in that time." : "No calls in that time.", "Choose another.");
  return missed
    ? emptyLine("history", "No missed calls.", "A call that rang here and that you did not take appears here.")
    : emptyLine("history", "No calls yet.", "Every call you take appears here, the newest first.");
}

/** A call about which nothing has changed keeps its row: the keyboard may be on its button. */
function table(items: readonly PastCall[], canDial: boolean): TemplateResult {
  return html`<div class="list-scroll"><table class="data calls ${canDial ? "" : "no-dial"}">
    <thead>
      <tr>
        <th scope="col" class="cell-type"><span>Type</span></th>
        <th scope="col">Caller</th>
        <th scope="col">Queue</th>
        <th scope="col">Outcome</th>
        <th scope="col" class="number cell-began">Started</th>
        <th scope="col" class="number">Duration</th>
        ${canDial ? html`<th scope="col" class="cell-dial"><span class="visually-hidden">Call back</span></th>` : nothing}
      </tr>
    </thead>
    <tbody>${repeat(
      items,
      (call) => call.call_id,
      (call) => guard([JSON.stringify(call), canDial], () => pastCallRow(call, canDial)),
    )}</tbody>
  </table></div>`;
}
