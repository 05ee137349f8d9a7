// The tools under the call bar: hold, consult, transfer, recording, and what can be done with a third party. They stay in
// their places and are only turned off, so that nothing jumps under the hand.

import type { Call, Desk, Guest } from "../api/contract";
import { type Cell, renderOn } from "../core/cell";
import { setClock } from "../core/clock";
import { isOff, maybe, onClick, one, setIcon, setOff, setPending, setText, show } from "../core/dom";
import { setMeaning } from "../core/press";
import type { CallActions } from "./actions";
import { guestLabel } from "./caller";
import { openColleagues } from "./colleagues";
import type { ToolName } from "./presses";
import { TALKING } from "./rules";

const TOOLS: readonly ToolName[] = ["hold", "consult", "transfer", "recording", "hand-over", "conference", "cancel"];

export function mountCallTools(desk: Cell<Desk | null>, actions: CallActions): void {
  const tools = one("[data-calltools]");
  renderOn([desk, actions.state], () => {
    const call = desk.value?.call ?? null;
    const guest = call?.brought_by === null && TALKING.has(call.stage) ? call.guest : null;
    show(one("[data-tools-talk]", tools), guest === null);
    show(one("[data-tools-guest]", tools), guest !== null);
    for (const name of TOOLS) renderTool(name, call, actions);
    if (guest) renderGuest(tools, guest, call);
  });
  onClick("[data-tool]", (button) => press(button.dataset.tool as ToolName, desk, actions));
}

/** Presses a tool from the keyboard, when it is there and can be pressed. */
export function pressTool(name: ToolName): void {
  const button = maybe(`[data-tool="${name}"]`);
  if (button && !isOff(button)) button.click();
}

function press(name: ToolName, desk: Cell<Desk | null>, actions: CallActions): void {
  const call = desk.value?.call;
  if (!call) return;
  if (name === "consult" || name === "transfer") openColleagues(name);
  else if (name === "hold") void actions.tool(name, "hold", { held: call.stage !== "held" });
  else if (name === "recording") void actions.tool(name, "recording", { paused: !call.recording_paused });
  else void actions.tool(name, name);
}

function isPossible(name: ToolName, call: Call): boolean {
  const withCustomer = call.stage === "connected" || call.stage === "held";
  if (call.brought_by !== null || !TALKING.has(call.stage)) return false;
  if (name === "hold" || name === "consult" || name === "transfer") return withCustomer;
  if (name === "recording") return call.recorded && (withCustomer || call.guest !== null);
  if (name === "conference") return call.stage === "consulting";
  if (name === "hand-over")
    return call.guest?.answered === true && (call.stage === "consulting" || call.stage === "conference");
  return call.guest !== null;
}

function isNeverPossible(name: ToolName, call: Call | null): boolean {
  if (call?.guest == null) return false;
  if (name === "conference") return call.guest.purpose === "transfer" || call.stage === "conference";
  return name === "hand-over" && call.guest.purpose === "transfer" && !isPossible(name, call);
}

function renderTool(name: ToolName, call: Call | null, actions: CallActions): void {
  const button = one(`[data-tool="${name}"]`);
  setOff(button, call === null || !isPossible(name, call));
  // What a transfer, or a conference, never allows would only be in the way.
  show(button, !isNeverPossible(name, call));
  setPending(button, actions.isPending(name));
  const label = one("[data-label]", button);
  if (name === "hold") {
    const held = call?.stage === "held";
    button.setAttribute("aria-pressed", String(held));
    setText(label, held ? "Resume" : "Hold");
    setIcon(button, held ? "play" : "hold");
  } else if (name === "recording") {
    const paused = call?.recording_paused ?? false;
    button.setAttribute("aria-pressed", String(paused));
    setText(label, paused ? "Record again" : "Pause recording");
  } else if (name === "hand-over") {
    const word = call?.stage === "conference" ? "Leave call" : "Hand over";
    setText(label, word);
    setMeaning(button, isOff(button) ? null : word, word === "Hand over");
  }
}

function renderGuest(tools: HTMLElement, guest: Guest, call: Call | null): void {
  const who = guestLabel(guest, "Somebody");
  const words = one("[data-guest-words]", tools);
  setText(words, guestWords(guest, who, call));
  words.title = words.textContent ?? "";
  setClock(one("[data-guest-clock]", tools), "since", guest.since);
}

function guestWords(guest: Guest, who: string, call: Call | null): string {
  if (!guest.answered) return guest.purpose === "transfer" ? `Transferring to ${who}` : `Calling ${who}`;
  // The call bar says who are together.
  return call?.stage === "conference" ? who : `With ${who}, in private`;
}
