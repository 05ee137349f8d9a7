// Tells an agent who was paused for not answering why no calls come; it stays until it is closed or the agent is ready.

import type { Desk } from "../api/contract";
import { Cell, renderOn } from "../core/cell";
import { onClick, one, setText, show } from "../core/dom";

/** What the server calls this pause. */
const NO_ANSWER = "No answer";

export function mountPausedNotice(desk: Cell<Desk | null>): void {
  const dismissed = new Cell<string | null>(null);
  renderOn([desk, dismissed], () => {
    const agent = desk.value?.agent;
    const paused = agent?.state === "paused" && agent.reason === NO_ANSWER && dismissed.value !== agent.since;
    show(one("[data-paused-notice]"), paused);
    if (paused) setText(one("[data-paused-why]"), why(agent.missed));
  });
  onClick("[data-dismiss-pause]", () => {
    dismissed.value = desk.value?.agent.since ?? null;
  });
}

function why(missed: number): string {
  if (missed === 0) return "You were paused because calls were not answered.";
  if (missed === 1) return "You were paused because a call was not answered.";
  return `You were paused because ${missed} calls in a row were not answered.`;
}
