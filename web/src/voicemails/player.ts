// Plays voicemails in place: a player that opens in the message's row, one at a time, and what listening changes.

import { post } from "../api/client";
import type { Desk } from "../api/contract";
import type { Cell } from "../core/cell";
import { element, one, setIcon } from "../core/dom";
import type { Scope } from "../core/scope";
import { t } from "../texts/texts";

const LISTENED_SECONDS = 2;

/** Lets the buttons `data-play` within the list play the message of their `data-voicemail`. */
export function mountPlayers(scope: Scope, list: HTMLElement, desk: Cell<Desk | null>): void {
  scope.watch(desk, (now, before) => {
    if (now?.call && !before?.call) pauseAll(list);
  });
  // A player that has left the page would play on.
  scope.onEnd(() => pauseAll(list));
  scope.onClick("[data-play]", (button) => toggle(button));
  const heard = { capture: true, signal: scope.signal };
  list.addEventListener("play", (event) => started(list, event.target), heard);
  list.addEventListener("timeupdate", (event) => listened(event.target), heard);
  list.addEventListener("pause", (event) => ended(event.target), heard);
  list.addEventListener("error", (event) => broke(event.target), heard);
}

function toggle(button: HTMLElement): void {
  const id = button.dataset.play ?? "";
  const item = button.closest<HTMLElement>("[data-voicemail]");
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
  place(item, audio);
  return audio;
}

/** Where a message has a place for its player, or at its end. */
function place(item: HTMLElement, made: HTMLElement): void {
  const holder = item.querySelector<HTMLElement>("[data-player]");
  (holder ?? item).append(made);
  const row = holder?.closest("tr");
  if (row) row.hidden = false;
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
  place(
    item,
    element("span", { class: "voicemail-broken", "data-broken": true, role: "alert" }, t("voicemails.broken")),
  );
}

function showPlaying(item: HTMLElement, playing: boolean): void {
  const button = one("[data-play]", item);
  setIcon(button, playing ? "pause" : "play");
  button.setAttribute(
    "aria-label",
    t(playing ? "voicemails.pauseOf" : "voicemails.playOf", { who: item.dataset.who ?? "" }),
  );
}
