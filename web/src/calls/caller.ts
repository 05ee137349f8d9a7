// How a caller is named on the page.

export interface Party {
  customer_number: string | null;
  customer_name: string | null;
  type?: string;
}

export function callerNumber(party: Party): string {
  return party.customer_number || "Number withheld";
}

/** The name, or words that say there is none. */
export function callerName(party: Party): string {
  return party.customer_name || (party.type === "manual" ? "Name not known" : "Unknown caller");
}

/** The best single word for the caller: the name, else the number. */
export function callerLabel(party: Party): string {
  return party.customer_name || callerNumber(party);
}
