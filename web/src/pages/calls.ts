// My calls: more of them than the dashboard has room for, and those that I missed.

import { html, nothing, render, type TemplateResult } from "lit-html";
import type { PastCall } from "../api/contract";
import { Fetched } from "../api/fetched";
import { onCallMoved } from "../calls/moves";
import { mountCallUnserved, type PastCalls, pastCallRow } from "../calls/past-call";
import { emptyLine, failure, instead, segments } from "../lists/view";
import type { Address } from "./address";
import type { Page } from "./page";

const MOST = 100;
const WHICH = [
  ["", "All"],
  ["1", "Missed"],
] as const;

export const calls: Page = {
  path: "/calls",
  title: "My calls",
  icon: "history",
  permission: "take_calls",
  mount(scope, { desk, address }) {
    const missed = address.get("missed") === "1";
    const path = `/api/v1/calls?mine=1&limit=${MOST}${missed ? "&missed=1" : ""}`;
    const list: PastCalls = new Fetched(scope, "calls", path);
    mountCallUnserved(scope, list);
    scope.render([list.value, list.failure, desk], () => {
      const canDial = desk.value?.can_dial ?? false;
      render(panel(list, address, canDial), scope.root);
    });
    onCallMoved(scope, desk, () => void list.load());
  },
};

function panel(list: PastCalls, address: Address, canDial: boolean): TemplateResult {
  const items = list.value.value?.items ?? [];
  return html`
    <h1 class="page-title">My calls</h1>
    <section class="panel" aria-label="My calls" data-testid="calls">
      <div class="list-head">
        ${segments("Which calls", address, "missed", WHICH)}
        <span class="panel-note">${items.length >= MOST ? `The latest ${MOST}` : nothing}</span>
      </div>
      ${failure(list)}
      <p class="panel-message" data-dial-message role="alert" hidden></p>
      ${instead(list, 6, empty(address.get("missed") === "1"))}
      ${items.length > 0 ? table(items, canDial) : nothing}
    </section>`;
}

function empty(missed: boolean): TemplateResult {
  return missed
    ? emptyLine("history", "No missed calls.", "A call that rang here and that you did not take appears here.")
    : emptyLine("history", "No calls yet.", "Every call you take appears here, the newest first.");
}

function table(items: readonly PastCall[], canDial: boolean): TemplateResult {
  return html`<table class="data ${canDial ? "" : "no-dial"}">
    <thead>
      <tr>
        <th scope="col" class="cell-type"><span>Type</span></th>
        <th scope="col">Caller</th>
        <th scope="col">Queue</th>
        <th scope="col">Outcome</th>
        <th scope="col" class="number cell-began">Started</th>
        <th scope="col" class="number">Duration</th>
        <th scope="col" class="cell-dial"><span class="visually-hidden">Call back</span></th>
      </tr>
    </thead>
    <tbody>${items.map((call) => pastCallRow(call, canDial))}</tbody>
  </table>`;
}
