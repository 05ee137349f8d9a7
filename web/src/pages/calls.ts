// My calls: more of them than the dashboard has room for, and those that I missed.

import { html, nothing, render, type TemplateResult } from "lit-html";
import type { PastCall } from "../api/contract";
import { Fetched } from "../api/fetched";
import { onCallMoved } from "../calls/moves";
import { mountCallUnserved, type PastCalls, pastCallRow } from "../calls/past-call";
import { icon } from "../core/dom";
import type { Page } from "./page";

const MOST = 100;

export const calls: Page = {
  path: "/calls",
  title: "My calls",
  icon: "history",
  permission: "take_calls",
  mount(scope, { desk }) {
    const missed = new URLSearchParams(location.search).get("missed") === "1";
    const address = `/api/v1/calls?mine=1&limit=${MOST}${missed ? "&missed=1" : ""}`;
    const list: PastCalls = new Fetched(scope, "calls", address);
    mountCallUnserved(scope, list);
    scope.render([list.value, list.failure, desk], () => {
      const canDial = desk.value !== null && desk.value.can_dial !== false;
      render(panel(list, missed, canDial), scope.root);
    });
    onCallMoved(scope, desk, () => void list.load());
  },
};

function panel(list: PastCalls, missed: boolean, canDial: boolean): TemplateResult {
  const items = list.value.value?.items ?? null;
  return html`
    <h1 class="page-title">My calls</h1>
    <section class="panel" aria-label="My calls" data-testid="calls">
      <nav class="panel-head" aria-label="Which calls">
        <span class="segments">${choice("All", "/calls", !missed)}${choice("Missed", "/calls?missed=1", missed)}</span>
        <span class="panel-note">${items && items.length >= MOST ? `The latest ${MOST}` : nothing}</span>
      </nav>
      ${failure(list)}
      <p class="panel-message" data-dial-message role="alert" hidden></p>
      ${items === null ? nothing : items.length === 0 ? empty(missed) : table(items, canDial)}
    </section>`;
}

function choice(words: string, address: string, isChosen: boolean): TemplateResult {
  return html`<a class="segment" href=${address} aria-current=${isChosen ? "page" : "false"}>${words}</a>`;
}

function failure(list: PastCalls): TemplateResult | typeof nothing {
  if (list.failure.value === null) return nothing;
  return html`<p class="nothing nothing-failed" role="alert">
    ${icon("alert")}<span>${list.failure.value}</span>
    <button class="button button-small" type="button" data-retry="calls">Try again</button>
  </p>`;
}

function empty(missed: boolean): TemplateResult {
  const words = missed
    ? html`<strong>No missed calls.</strong> A call that rang here and that you did not take appears here.`
    : html`<strong>No calls yet.</strong> Every call you take appears here, the newest first.`;
  return html`<p class="nothing">${icon("history")}<span>${words}</span></p>`;
}

function table(items: readonly PastCall[], canDial: boolean): TemplateResult {
  return html`<table class="data ${canDial ? "" : "no-dial"}">
    <thead>
      <tr>
        <th scope="col" class="cell-type"><span>Type</span></th>
        <th scope="col">Caller</th>
        <th scope="col">Queue</th>
        <th scope="col">Outcome</th>
        <th scope="col" class="number cell-began">Began</th>
        <th scope="col" class="number">Duration</th>
        <th scope="col" class="cell-dial"><span class="visually-hidden">Call back</span></th>
      </tr>
    </thead>
    <tbody>${items.map((call) => pastCallRow(call, canDial))}</tbody>
  </table>`;
}
