// How a caller is named on the page.

export interface Party {
  caller_number: string | null;
  caller_name: string | null;
  type?: string;
}

export function callerNumber(party: Party): string {
  return party.caller_number || "Number withheld";
}

/** The name, or words that say there is none. */
export function callerName(party: Party): string {
  return party.caller_name || (party.type === "manual" ? "Name not known" : "Unknown caller");
}

/** The best single word for the caller: the name, else the number. */
export function callerLabel(party: Party): string {
  return party.caller_name || callerNumber(party);
}
