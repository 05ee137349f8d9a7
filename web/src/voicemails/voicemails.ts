// Voicemails of my queues: a dot while nobody has heard one, and a player that opens in place.

import { post } from "../api/client";
import type { Desk, Voicemail } from "../api/contract";
import { Fetched } from "../api/fetched";
import { callerLabel, callerName, callerNumber } from "../calls/caller";
import { callBackButton, isDialable } from "../calls/dial";
import type { Cell } from "../core/cell";
import { formatDuration, formatMoment } from "../core/clock";
import { element, icon, one, placeRows, setIcon, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";

const FEW = 5;
const MANY = 100;
const LISTENED_SECONDS = 2;
type Messages = Fetched<{ items: Voicemail[]; next: string | null }>;

function address(limit: number): string {
  return `/api/v1/voicemails?limit=${limit}`;
}

export function mountVoicemails(scope: Scope, desk: Cell<Desk | null>): void {
  const messages: Messages = new Fetched(scope, "voicemails", address(FEW));
  const list = one("[data-voicemails]", scope.root);
  scope.render([desk, messages.value, messages.failure], () =>
    render(list, messages, desk.value?.voicemails.count ?? 0),
  );
  if (desk.value) void messages.load();
  scope.watch(desk, (now, before) => {
    if (now?.call && !before?.call) pauseAll(list);
    if (now && now.voicemails !== before?.voicemails) void messages.load();
  });
  scope.onClick("[data-voicemails-more]", () => void messages.load(address(MANY)));
  // A player that has left the page would play on.
  scope.onEnd(() => pauseAll(list));
  scope.onClick("[data-play]", (button) => toggle(button));
  list.addEventListener("play", (event) => started(list, event.target), { capture: true });
  list.addEventListener("timeupdate", (event) => listened(event.target), { capture: true });
  list.addEventListener("pause", (event) => ended(event.target), { capture: true });
  list.addEventListener("error", (event) => broke(event.target), { capture: true });
}

function render(list: HTMLElement, messages: Messages, unheard: number): void {
  messages.renderFailure();
  const badge = one("[data-voicemails-unheard]");
  setText(badge, unheard > 0 ? `${unheard} new` : "");
  show(badge, unheard > 0);
  const found = messages.value.value;
  show(list, found ? found.items.length > 0 : messages.failure.value === null);
  if (!found) return;
  const rows = found.items.map((message) => row(list, message));
  placeRows(list, rows);
  show(one("[data-voicemails-empty]"), found.items.length === 0);
  show(one("[data-voicemails-more]"), found.next !== null && found.items.length < MANY);
}

/** Kept while it is in the list, so that what plays plays on. */
function row(list: HTMLElement, message: Voicemail): HTMLElement {
  const known = [...list.children].find((child) => (child as HTMLElement).dataset.voicemail === message.id);
  const made = (known as HTMLElement | undefined) ?? emptyRow(message);
  made.dataset.value = message.heard_at ? "heard" : "new";
  const heard = message.heard_by ? `Heard by ${message.heard_by}` : "Not heard yet";
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
      "aria-label": `Play the voicemail of ${callerLabel(message)}`,
    },
    icon("play"),
  );
  return element(
    "li",
    { "data-voicemail": message.id, "data-who": callerLabel(message), "data-testid": "voicemail" },
    element("span", { class: "voicemail-dot", "data-heard": true }, element("span", { class: "visually-hidden" })),
    element("p", {}, who, element("span", { class: "figures" }, about)),
    ...(isDialable(message.customer_number)
      ? [callBackButton(message.customer_number, callerLabel(message), message.customer_name)]
      : []),
    button,
  );
}

function toggle(button: HTMLElement): void {
  const id = button.dataset.play ?? "";
  const item = button.closest("li");
  if (!item) return;
  const audio = item.querySelector("audio") ?? player(item, id);
  if (audio.paused) void audio.play().catch(() => undefined);
  else audio.pause();
}

function player(item: HTMLElement, id: string): HTMLAudioElement {
  const audio = element("audio", {
    controls: true,
    preload: "metadata",
    "data-testid": "voicemail-audio",
    src: `/api/v1/voicemails/${encodeURIComponent(id)}/audio`,
  }) as HTMLAudioElement;
  item.append(audio);
  return audio;
}

function itemOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof HTMLAudioElement ? target.closest<HTMLElement>("[data-voicemail]") : null;
}

/** One at a time. */
function started(list: HTMLElement, target: EventTarget | null): void {
  const item = itemOf(target);
  if (!item) return;
  pauseAll(list, target);
  showPlaying(item, true);
}

/** A call that rings is to be heard, and the caller is not to hear what plays. */
function pauseAll(list: HTMLElement, except: EventTarget | null = null): void {
  for (const audio of list.querySelectorAll("audio")) if (audio !== except) audio.pause();
}

/** Whoever has listened first marks it as heard for everybody: a start by mistake is no listening. */
function listened(target: EventTarget | null): void {
  const item = itemOf(target);
  if (!item || !(target instanceof HTMLAudioElement) || item.dataset.value !== "new") return;
  if (target.currentTime >= Math.min(LISTENED_SECONDS, target.duration / 2) && item.dataset.telling === undefined) {
    item.dataset.telling = "";
    post(`/api/v1/voicemails/${encodeURIComponent(item.dataset.voicemail ?? "")}/heard`).catch(
      () => delete item.dataset.telling,
    );
  }
}

function ended(target: EventTarget | null): void {
  const item = itemOf(target);
  if (item) showPlaying(item, false);
}

function broke(target: EventTarget | null): void {
  const item = itemOf(target);
  if (!item || !(target instanceof HTMLElement)) return;
  target.remove();
  showPlaying(item, false);
  if (item.querySelector("[data-broken]")) return;
  item.append(
    element(
      "span",
      { class: "voicemail-broken", "data-broken": true, role: "alert" },
      "This recording cannot be played any more.",
    ),
  );
}

function showPlaying(item: HTMLElement, playing: boolean): void {
  const button = one("[data-play]", item);
  setIcon(button, playing ? "pause" : "play");
  button.setAttribute("aria-label", `${playing ? "Pause" : "Play"} the voicemail of ${item.dataset.who ?? ""}`);
}
