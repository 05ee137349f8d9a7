// How a caller is named on the page.

import type { Party } from "../api/contract";
import { t } from "../texts/texts";

/** Whoever is called or calls: the number as the server shows it, null when it is withheld, and a name, if there is one. */
export interface Caller {
  customer: Party | null;
  customer_name: string | null;
  type?: string;
}

/** The number as it is shown. It is never dialled: that is done by its handle. */
export function callerNumber(caller: Caller): string {
  return caller.customer?.display ?? t("calls.numberWithheld");
}

/** The name, or words that say there is none. */
export function callerName(caller: Caller): string {
  return caller.customer_name || t(caller.type === "manual" ? "calls.nameNotKnown" : "calls.unknownCaller");
}

/** The best single word for the caller: the name, else the number. */
export function callerLabel(caller: Caller): string {
  return caller.customer_name || callerNumber(caller);
}

/** The third party of a call, a colleague or somebody outside; without a name and a number, the words that are given. */
export function guestLabel(guest: { name: string | null; party: Party | null } | null, otherwise: string): string {
  return guest?.name ?? guest?.party?.display ?? otherwise;
}
