// Calling out: the server rings the agent's phone or browser first, and the desk then shows the call.

import { post, reasonFor } from "../api/client";
import type { Desk, Phone } from "../api/contract";
import type { Cell } from "../core/cell";
import { serverNow } from "../core/clock";
import { element, icon, maybe, onClick, say, setPending } from "../core/dom";
import { askForMicrophone } from "../phone/microphone";
import { t } from "../texts/texts";
import { type Caller, callerLabel } from "./caller";

/** How long the refusal of a desk phone is shown: whoever dials there may look up late, or open the page then. */
const NEWS_MS = 30_000;

const LONGEST_NAME = 80;

let pending: string | null = null;
let oldNews: ReturnType<typeof setTimeout> | undefined;
let inBrowser = false;

/** Whom to call: a number that was typed, or the handle of a party that the server has told. */
export type Target = { number: string } | { handle: string };

/** Calls somebody. A refusal is shown in the panel in which the agent asked for it, on the line `data-dial-message`. True when the call has begun. */
export async function dial(target: Target, name?: string): Promise<boolean> {
  if (pending !== null) return false;
  const line = messageLine();
  say(line, null);
  pending = "handle" in target ? target.handle : target.number;
  renderPending(pending);
  try {
    // A call that this browser could not take itself is not begun.
    if (inBrowser && !(await askForMicrophone())) return false;
    await post("/api/v1/calls", name ? { ...target, name: name.slice(0, LONGEST_NAME) } : target);
    return true;
  } catch (error) {
    say(line, reasonFor(error));
    return false;
  } finally {
    pending = null;
    renderPending(pending);
  }
}

/** Calls whom a button is for. */
export function dialBy(button: HTMLElement): Promise<boolean> {
  return dial({ handle: button.dataset.handle ?? "" }, button.dataset.name);
}

/** Buttons with a handle call it, wherever they are on the page. What a desk phone was refused shows beside the dial pad. */
export function mountDial(desk: Cell<Desk | null>): void {
  desk.watch((now) => (inBrowser = now?.phone.kind === "web"));
  onClick("[data-dial][data-handle]:not([data-unserved])", (button) => void dialBy(button));
  desk.watch((now, before) => {
    if (now) tellRefusal(now.phone, before?.phone ?? null);
  });
}

function tellRefusal(phone: Phone, before: Phone | null): void {
  if (phone.refused_at === (before?.refused_at ?? null)) return;
  clearTimeout(oldNews);
  const line = maybe("[data-dial-form] [data-dial-message]");
  const left = phone.refused_at ? Date.parse(phone.refused_at) + NEWS_MS - serverNow() : 0;
  const words = phone.refused && left > 0 ? t("calls.refusedOnPhone", { why: phone.refused }) : null;
  say(line, words);
  if (words) oldNews = setTimeout(() => line?.textContent === words && say(line, null), left);
}

/** A button that calls somebody back; null for a withheld number, and for one that cannot be called. Whoever lists an `unserved` call sees to its press. */
export function callBackButton(caller: Caller, unserved?: string): HTMLElement | null {
  const handle = caller.customer?.handle;
  if (!handle) return null;
  const button = element(
    "button",
    {
      class: "icon-button call-back",
      type: "button",
      "data-dial": true,
      "data-handle": handle,
      ...(caller.customer_name ? { "data-name": caller.customer_name } : {}),
      ...(unserved ? { "data-unserved": unserved } : {}),
      "data-testid": "call-back",
      "aria-label": t("calls.callBackWho", { who: callerLabel(caller) }),
      title: t("calls.callBack"),
    },
    icon("callback"),
  );
  if (handle === pending) setPending(button, true);
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

function renderPending(target: string | null): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-dial][data-handle]")) {
    const waits = button.dataset.handle === target;
    if (waits || button.getAttribute("aria-busy") === "true") setPending(button, waits);
  }
}

/** Takes refusals away: who changes the number, or presses Esc, has read them. */
export function forgetRefusals(): void {
  for (const line of document.querySelectorAll<HTMLElement>("[data-dial-message]")) say(line, null);
}
