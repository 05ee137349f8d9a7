// Clocks on the page. Each is computed from a server time; the page's own clock only measures how long ago the server spoke.

import { LOCALE } from "../texts/texts";

let offsetMs = 0;

/** Learns how far this machine's clock is from the server's; the answer took from `sentAt` to now. */
export function syncClock(serverTime: string, sentAt: number): void {
  const received = Date.now();
  offsetMs = Date.parse(serverTime) - (sentAt + received) / 2;
}

export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** 65 -> "01:05", 3665 -> "1:01:05". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/** The time of day in the centre's time zone; with the date when it is another day there. */
export function formatMoment(iso: string): string {
  const timeZone = document.body.dataset.timeZone || "UTC";
  const day = new Intl.DateTimeFormat(LOCALE, { timeZone, day: "numeric", month: "short" });
  const time = new Intl.DateTimeFormat(LOCALE, { timeZone, hour: "2-digit", minute: "2-digit" });
  const moment = new Date(iso);
  const today = day.format(moment) === day.format(new Date(serverNow()));
  return today ? time.format(moment) : `${day.format(moment)}, ${time.format(moment)}`;
}

type Direction = "since" | "until";

/** Lets `target` count up from, or down to, a server time; null stops it and shows `idle`. */
export function setClock(target: HTMLElement, direction: Direction, iso: string | null, idle = ""): void {
  delete target.dataset.since;
  delete target.dataset.until;
  if (iso === null) {
    target.textContent = idle;
    return;
  }
  target.dataset[direction] = iso;
  tick(target);
}

/** Shows a length of time that no longer runs. */
export function setLength(target: HTMLElement, seconds: number): void {
  setClock(target, "since", null, formatDuration(seconds));
}

function tick(target: HTMLElement): void {
  const { since, until } = target.dataset;
  const ms = since ? serverNow() - Date.parse(since) : Date.parse(until ?? "") - serverNow();
  const text = formatDuration(until ? Math.ceil(ms / 1000) : ms / 1000);
  if (target.textContent !== text) target.textContent = text;
}

/** Keeps every running clock of the page going. */
export function startClocks(): void {
  setInterval(() => {
    document.querySelectorAll<HTMLElement>("[data-since], [data-until]").forEach(tick);
  }, 250);
}
