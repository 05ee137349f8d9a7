// What can be done to a call as it stands.

import type { Call } from "../api/contract";

/** Where an agent talks, or could: everything between the answer and the end. */
export const TALKING: ReadonlySet<Call["stage"]> = new Set([
  "connected",
  "held",
  "reaching",
  "consulting",
  "conference",
]);

export function canHangUp(call: Call): boolean {
  return (
    TALKING.has(call.stage) ||
    call.stage === "dialling" ||
    call.stage === "returning" ||
    (call.stage === "offered" && call.type === "manual")
  );
}

/** Whether ending means the third party only: the customer stays. */
export function endsGuestOnly(call: Call): boolean {
  return call.brought_by === null && (call.stage === "reaching" || call.stage === "consulting");
}
