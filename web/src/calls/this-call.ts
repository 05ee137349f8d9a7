// The panel about the call at hand: who it is, and what has happened so far.

import type { Call, Desk } from "../api/contract";
import type { Cell } from "../core/cell";
import { formatDuration, formatMoment, secondsBetween } from "../core/clock";
import { element, one, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { CALL_TYPES } from "../core/words";
import { callerName, callerNumber } from "./caller";

export function mountThisCall(scope: Scope, desk: Cell<Desk | null>): void {
  const panel = one("[data-this-call]", scope.root);
  scope.render([desk], () => {
    const call = desk.value?.call ?? null;
    show(one("[data-this-body]", panel), call !== null);
    show(one("[data-this-none]", panel), call === null);
    if (!call) return setText(one("[data-this-type]"), "");
    setText(one("[data-this-type]"), CALL_TYPES[call.type] ?? call.type);
    setText(one("[data-this-name]"), callerName(call));
    setText(one("[data-this-number]"), callerNumber(call));
    one("[data-this-timeline]").replaceChildren(...events(call).map(([at, text]) => line(at, text)));
  });
}

/** Whether another agent talked first. Who came back to the line is served anew. */
export function wasHandedOver(call: Call): boolean {
  const { served_at: served, answered_at: answer, queued_at: queued } = call;
  return (
    served !== null &&
    answer !== null &&
    Date.parse(served) < Date.parse(answer) &&
    (queued === null || Date.parse(served) >= Date.parse(queued))
  );
}

function events(call: Call): [string, string][] {
  const answer = call.answered_at;
  const other = wasHandedOver(call) ? call.served_at : null;
  const served = other ?? answer;
  const waited =
    call.queued_at && served && call.brought_by === null && served > call.queued_at
      ? ` after ${formatDuration(secondsBetween(call.queued_at, served))}`
      : "";
  const talked = answer && call.ended_at ? ` after ${formatDuration(secondsBetween(answer, call.ended_at))}` : "";
  const dialled = call.type === "manual" && call.brought_by === null;
  const all: [string | null, string][] = dialled
    ? [
        [call.queued_at ? null : call.offered_at, "Your phone rings first"],
        [call.queued_at, "Dialled"],
        [served, `Answered${waited}`],
        [other && answer, "Handed over to you"],
        [call.ended_at, `Ended${talked}`],
      ]
    : call.brought_by !== null
      ? [
          [call.offered_at, `${call.brought_by} called you`],
          [answer, "You answered"],
          [call.ended_at, "Ended"],
        ]
      : other !== null
        ? [
            [call.queued_at, call.queue ? `Joined ${call.queue}` : "Called in"],
            [other, `A colleague answered${waited}`],
            [answer, "Handed over to you"],
            [call.ended_at, `Ended${talked}`],
          ]
        : [
            [call.queued_at, call.queue ? `Joined ${call.queue}` : "Called in"],
            [call.offered_at, "Offered to you"],
            [answer, `You answered${waited}`],
            [call.ended_at, `Ended${talked}`],
          ];
  // A call that has been somewhere else and is back has been offered before it was taken for this time.
  return all
    .filter((event): event is [string, string] => event[0] !== null)
    .sort(([one], [other]) => Date.parse(one) - Date.parse(other));
}

function line(at: string, text: string): HTMLElement {
  return element("li", {}, element("span", { class: "figures" }, formatMoment(at)), element("span", {}, text));
}
