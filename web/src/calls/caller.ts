// How a caller is named on the page.

import type { Party } from "../api/contract";

/** Whoever is called or calls: the number as the server shows it, null when it is withheld, and a name, if there is one. */
export interface Caller {
  customer: Party | null;
  customer_name: string | null;
  type?: string;
}

/** The number as it is shown. It is never dialled: that is done by its handle. */
export function callerNumber(caller: Caller): string {
  return caller.customer?.display ?? "Number withheld";
}

/** The name, or words that say there is none. */
export function callerName(caller: Caller): string {
  return caller.customer_name || (caller.type === "manual" ? "Name not known" : "Unknown caller");
}

/** The best single word for the caller: the name, else the number. */
export function callerLabel(caller: Caller): string {
  return caller.customer_name || callerNumber(caller);
}

/** The third party of a call, a colleague or somebody outside; without a name and a number, the words that are given. */
export function guestLabel(guest: { name: string | null; party: Party | null } | null, otherwise: string): string {
  return guest?.name ?? guest?.party?.display ?? otherwise;
}
