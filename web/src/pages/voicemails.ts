// Voicemails: all that the user may hear, to be played, marked and called back.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { post, reasonFor } from "../api/client";
import type { Desk, Voicemail } from "../api/contract";
import { say, setPending } from "../core/dom";
import type { Scope } from "../core/scope";
import { countWords, Listing } from "../lists/listing";
import { countNote, emptyLine, failure, instead, moreButton, segments, selectFilter } from "../lists/view";
import { t } from "../texts/texts";
import { messageRow } from "../voicemails/message-row";
import { mountPlayers } from "../voicemails/player";
import type { Address } from "./address";
import type { Page } from "./page";

const HEARD = [
  ["", t("voicemails.which.all")],
  ["false", t("voicemails.which.new")],
  ["true", t("voicemails.which.heard")],
] as const;

export const voicemails: Page = {
  path: "/voicemails",
  title: t("voicemails.title"),
  icon: "voicemail",
  permission: "take_calls",
  mount(scope, { desk, address }) {
    const list = new Listing<Voicemail>(scope, "messages", "/api/v1/voicemails", "before");
    const load = (): Promise<void> => list.load({ queue_id: address.get("queue_id"), heard: address.get("heard") });
    mountPlayers(scope, scope.root, desk);
    mountMarking(scope);
    scope.watch(address.query, () => void load());
    scope.watch(desk, (now, before) => {
      if (now && now.voicemails !== before?.voicemails) reload(scope, list, address);
    });
    // What was heard leaves the list of new ones when it is over, and not while it plays.
    const stopped = (): void => reload(scope, list, address);
    scope.root.addEventListener("pause", stopped, { capture: true, signal: scope.signal });
    scope.render([...list.cells, address.query, desk], () => render(page(list, address, desk.value), scope.root));
    void load();
  },
};

function reload(scope: Scope, list: Listing<Voicemail>, address: Address): void {
  const plays = [...scope.root.querySelectorAll("audio")].some((audio) => !audio.paused);
  if (!plays || address.get("heard") === "") void list.load();
}

function mountMarking(scope: Scope): void {
  scope.onClick("[data-mark-heard]", (button) => {
    const line = scope.root.querySelector<HTMLElement>("[data-mark-message]");
    say(line, null);
    setPending(button, true);
    // That it was heard comes over the live line, as it does to all others.
    post(`/api/v1/voicemails/${encodeURIComponent(button.dataset.markHeard ?? "")}/heard`)
      .catch((error: unknown) => say(line, reasonFor(error)))
      .finally(() => setPending(button, false));
  });
}

function page(list: Listing<Voicemail>, address: Address, desk: Desk | null): TemplateResult {
  const { items } = list.value.value ?? {};
  const queues = (desk?.queues ?? []).map(({ queue_id, name }) => [queue_id, name] as const);
  return html`
    <h1 class="page-title">${t("voicemails.title")}</h1>
    <section class="panel" aria-label=${t("voicemails.title")} data-testid="messages">
      <div class="list-head">
        ${segments(t("voicemails.which"), address, "heard", HEARD)}
        ${selectFilter(t("voicemails.column.queue"), address, "queue_id", [["", t("voicemails.queue.all")], ...queues])}
        ${countNote(list, (count) => countWords("voicemails", count))}
      </div>
      ${failure(list)}
      <p class="panel-message" data-mark-message role="alert" hidden></p>
      <p class="panel-message" data-dial-message role="alert" hidden></p>
      ${instead(list, 6, empty(address))}
      ${items && items.length > 0 ? table(items, desk?.can_dial ?? false) : nothing}
      ${moreButton(list)}
    </section>`;
}

function empty(address: Address): TemplateResult {
  if (address.get("heard") === "false")
    return emptyLine("voicemail", t("voicemails.empty.new"), t("voicemails.empty.new.words"));
  if (address.query.value.size > 0)
    return emptyLine("voicemail", t("voicemails.empty.filtered"), t("voicemails.empty.filtered.words"));
  return emptyLine("voicemail", t("voicemails.empty"), t("voicemails.empty.words"));
}

function table(items: readonly Voicemail[], canDial: boolean): TemplateResult {
  return html`<div class="list-scroll"><table class="data messages">
    <thead>
      <tr>
        <th scope="col">${t("voicemails.column.caller")}</th>
        <th scope="col">${t("voicemails.column.queue")}</th>
        <th scope="col" class="number">${t("voicemails.column.received")}</th>
        <th scope="col" class="number">${t("voicemails.column.length")}</th>
        <th scope="col">${t("voicemails.column.heardBy")}</th>
        <th scope="col"><span class="visually-hidden">${t("voicemails.actions")}</span></th>
      </tr>
    </thead>
    ${repeat(
      items,
      (message) => message.id,
      (message) => messageRow(message, canDial),
    )}
  </table></div>`;
}
