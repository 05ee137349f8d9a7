// The two orders of the list of waiting calls.

import type { Queue, WaitingCall } from "../api/contract";

export type Order = "newest" | "turn";

export interface Entry {
  call: WaitingCall;
  queue: Queue;
}

/** The newest first, or by turn: of several queues with one turn each, who has waited longest comes first. */
export function inOrder(entries: readonly Entry[], order: Order): Entry[] {
  if (order === "newest") return entries.toSorted((one, other) => enteredAt(other) - enteredAt(one));
  return entries.toSorted((one, other) => turn(one) - turn(other) || enteredAt(one) - enteredAt(other));
}

function enteredAt({ call }: Entry): number {
  return Date.parse(call.entered_at);
}

/** Who is called again later has no turn, and comes last. */
function turn({ call }: Entry): number {
  return call.place ?? Number.MAX_SAFE_INTEGER;
}
