// The latest voicemails on the dashboard: a dot while nobody has heard one. All of them are on a page of their own.

import type { Desk, Voicemail } from "../api/contract";
import { Fetched } from "../api/fetched";
import { callerLabel, callerName, callerNumber } from "../calls/caller";
import { callBackButton } from "../calls/dial";
import type { Cell } from "../core/cell";
import { formatDuration, formatMoment } from "../core/clock";
import { element, icon, one, placeRows, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { t } from "../texts/texts";
import { mountPlayers } from "./player";

const FEW = 5;
type Messages = Fetched<{ items: Voicemail[]; next: string | null }>;

export function mountVoicemails(scope: Scope, desk: Cell<Desk | null>): void {
  const messages: Messages = new Fetched(scope, "voicemails", `/api/v1/voicemails?limit=${FEW}`);
  const list = one("[data-voicemails]", scope.root);
  scope.render([desk, messages.value, messages.failure], () =>
    render(list, messages, desk.value?.voicemails.count ?? 0),
  );
  if (desk.value) void messages.load();
  scope.watch(desk, (now, before) => {
    if (now && now.voicemails !== before?.voicemails) void messages.load();
  });
  mountPlayers(scope, list, desk);
}

function render(list: HTMLElement, messages: Messages, unheard: number): void {
  messages.renderFailure();
  const badge = one("[data-voicemails-unheard]");
  setText(badge, unheard > 0 ? t("voicemails.newCount", { count: unheard }) : "");
  show(badge, unheard > 0);
  const found = messages.value.value;
  show(list, found ? found.items.length > 0 : messages.failure.value === null);
  if (!found) return;
  const rows = found.items.map((message) => row(list, message));
  placeRows(list, rows);
  show(one("[data-voicemails-empty]"), found.items.length === 0);
  show(one("[data-voicemails-more]"), found.next !== null);
}

/** Kept while it is in the list, so that what plays plays on. */
function row(list: HTMLElement, message: Voicemail): HTMLElement {
  const known = [...list.children].find((child) => (child as HTMLElement).dataset.voicemail === message.id);
  const made = (known as HTMLElement | undefined) ?? emptyRow(message);
  made.dataset.value = message.heard_at ? "heard" : "new";
  const heard = message.heard_by ? t("voicemails.heardBy", { who: message.heard_by }) : t("voicemails.notHeard");
  one("[data-heard]", made).title = heard;
  setText(one("[data-heard] .visually-hidden", made), heard);
  return made;
}

function emptyRow(message: Voicemail): HTMLElement {
  const about = [message.queue, formatMoment(message.left_at), formatDuration(Math.round(message.seconds))].join(" · ");
  const number = message.customer_name ? ` · ${callerNumber(message)}` : "";
  const who = element(
    "strong",
    { title: `${callerName(message)} ${callerNumber(message)}` },
    `${callerLabel(message)}${number}`,
  );
  const button = element(
    "button",
    {
      class: "icon-button voicemail-play",
      type: "button",
      "data-play": message.id,
      "data-testid": "voicemail-play",
      "aria-label": t("voicemails.playOf", { who: callerLabel(message) }),
    },
    icon("play"),
  );
  const callBack = callBackButton(message);
  return element(
    "li",
    { "data-voicemail": message.id, "data-who": callerLabel(message), "data-testid": "voicemail" },
    element("span", { class: "voicemail-dot", "data-heard": true }, element("span", { class: "visually-hidden" })),
    element("p", {}, who, element("span", { class: "figures" }, about)),
    ...(callBack ? [callBack] : []),
    button,
  );
}
