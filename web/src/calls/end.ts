// What is said of a call that is over, in place of why something could not be done to it any more.

import type { Call } from "../api/contract";
import { callerLabel } from "./caller";

/** How a call that was seen has ended, from what is known of it now; null while it goes on, or when the agent has ended it. */
export function endWords(now: Call | null, seen: Call): string | null {
  if (now?.call_id !== seen.call_id || now.stage !== "wrap_up") return null;
  if (now.ended_by === "agent") return null;
  return now.ended_by === "customer" ? `${callerLabel(seen)} hung up.` : "The call has ended.";
}
