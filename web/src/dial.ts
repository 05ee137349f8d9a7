// Calling out: the server rings the agent's phone or browser first, and the desk then shows the call.

import { post, reasonFor } from "./api";
import type { Cell } from "./cell";
import type { Desk } from "./contract";
import { element, icon, maybe, onClick, setPending, setText, show } from "./dom";
import { askForMicrophone } from "./microphone";

let pending: string | null = null;
let inBrowser = false;

/** Calls a number. A refusal is shown in the panel in which the agent asked for it, on the line `data-dial-message`. */
export async function dial(number: string): Promise<void> {
  if (pending !== null) return;
  const line = messageLine();
  say(line, null);
  renderPending((pending = number));
  try {
    // A call that this browser could not take itself is not begun.
    if (!inBrowser || (await askForMicrophone())) await post("/api/v1/calls", { number });
  } catch (error) {
    say(line, reasonFor(error));
  } finally {
    renderPending((pending = null));
  }
}

/** Buttons with a number call it, wherever they are on the page. */
export function mountDial(desk: Cell<Desk | null>): void {
  desk.watch((now) => (inBrowser = now?.phone.kind === "web"));
  onClick("[data-dial][data-number]", (button) => void dial(button.dataset["number"] ?? ""));
}

/** Whether there is something to call: a withheld number has no digits. */
export function isDialable(number: string | null): number is string {
  return number !== null && /^[+\d*#][\d\s()./*#-]*$/.test(number.trim()) && /\d/.test(number);
}

/** A button that calls a number back. */
export function callBackButton(number: string, who: string): HTMLElement {
  const button = element(
    "button",
    { class: "icon-button call-back", type: "button", "data-dial": true, "data-number": number, "data-testid": "call-back",
      "aria-label": `Call back ${who}`, title: "Call back" },
    icon("callback"),
  );
  if (number === pending) setPending(button, true);
  return button;
}

function messageLine(): HTMLElement | null {
  const panel = document.activeElement?.closest("section, dialog");
  return (panel ? maybe("[data-dial-message]", panel) : null) ?? maybe("[data-dial-message]");
}

function say(line: HTMLElement | null, message: string | null): void {
  if (!line) return;
  setText(line, message ?? "");
  show(line, message !== null);
}

function renderPending(number: string | null): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-dial][data-number]")) {
    const waits = button.dataset["number"] === number;
    if (waits || button.getAttribute("aria-busy") === "true") setPending(button, waits);
  }
}
