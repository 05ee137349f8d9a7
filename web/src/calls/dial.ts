// Calling out: the server rings the agent's phone or browser first, and the desk then shows the call.

import { post, reasonFor } from "../api/client";
import type { Desk, Phone } from "../api/contract";
import type { Cell } from "../core/cell";
import { serverNow } from "../core/clock";
import { element, icon, maybe, onClick, say, setPending } from "../core/dom";
import { askForMicrophone } from "../phone/microphone";

/** How long the refusal of a desk phone is shown: whoever dials there may look up late, or open the page then. */
const NEWS_MS = 30_000;

const LONGEST_NAME = 80;

let pending: string | null = null;
let oldNews: ReturnType<typeof setTimeout> | undefined;
let inBrowser = false;

/** Calls a number. A refusal is shown in the panel in which the agent asked for it, on the line `data-dial-message`. */
/** True when it is being called. */
export async function dial(number: string, name?: string): Promise<boolean> {
  if (pending !== null) return false;
  const line = messageLine();
  say(line, null);
  pending = number;
  renderPending(pending);
  try {
    // A call that this browser could not take itself is not begun.
    if (inBrowser && !(await askForMicrophone())) return false;
    await post("/api/v1/calls", name ? { number, name: name.slice(0, LONGEST_NAME) } : { number });
    return true;
  } catch (error) {
    say(line, reasonFor(error));
    return false;
  } finally {
    pending = null;
    renderPending(pending);
  }
}

/** Buttons with a number call it, wherever they are on the page. What a desk phone was refused shows beside the dial pad. */
export function mountDial(desk: Cell<Desk | null>): void {
  desk.watch((now) => (inBrowser = now?.phone.kind === "web"));
  onClick(
    "[data-dial][data-number]:not([data-unserved])",
    (button) => void dial(button.dataset.number ?? "", button.dataset.name),
  );
  desk.watch((now, before) => {
    if (now) tellRefusal(now.phone, before?.phone ?? null);
  });
}

function tellRefusal(phone: Phone, before: Phone | null): void {
  if (phone.refused_at === (before?.refused_at ?? null)) return;
  clearTimeout(oldNews);
  const line = maybe("[data-dial-form] [data-dial-message]");
  const left = phone.refused_at ? Date.parse(phone.refused_at) + NEWS_MS - serverNow() : 0;
  const words = phone.refused && left > 0 ? `Your phone did not call: ${phone.refused}` : null;
  say(line, words);
  if (words) oldNews = setTimeout(() => line?.textContent === words && say(line, null), left);
}

/** Whether there is something to call: a withheld number has no digits. */
export function isDialable(number: string | null): number is string {
  return number !== null && /^[+\d*#][\d\s()./*#-]*$/.test(number.trim()) && /\d/.test(number);
}

/** A button that calls a number back, under the name by which the caller is known. Whoever lists an `unserved` call sees to its press. */
export function callBackButton(number: string, who: string, name: string | null, unserved?: string): HTMLElement {
  const button = element(
    "button",
    {
      class: "icon-button call-back",
      type: "button",
      "data-dial": true,
      "data-number": number,
      ...(name ? { "data-name": name } : {}),
      ...(unserved ? { "data-unserved": unserved } : {}),
      "data-testid": "call-back",
      "aria-label": `Call back ${who}`,
      title: "Call back",
    },
    icon("callback"),
  );
  if (number === pending) setPending(button, true);
  return button;
}

function messageLine(): HTMLElement | null {
  const panel = document.activeElement?.closest("section, dialog");
  return (panel ? maybe("[data-dial-message]", panel) : null) ?? maybe("[data-dial-message]");
}

/** The line of the panel in which something was just pressed: what is said there, also when the button is gone by then. */
export function lineOfPress(): (message: string | null) => void {
  const line = messageLine();
  return (message) => say(line, message);
}

function renderPending(number: string | null): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-dial][data-number]")) {
    const waits = button.dataset.number === number;
    if (waits || button.getAttribute("aria-busy") === "true") setPending(button, waits);
  }
}

/** Takes refusals away: who changes the number, or presses Esc, has read them. */
export function forgetRefusals(): void {
  for (const line of document.querySelectorAll<HTMLElement>("[data-dial-message]")) say(line, null);
}
