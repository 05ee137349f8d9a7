// What this browser remembers for its agent: never anything about a call or a customer.

type Key = "theme" | "ring" | "shortcuts" | "key-caps" | "waiting-order" | "microphone" | "speaker" | "ringer";
/** What belongs to one agent of several who share a browser. */
type OwnKey = "keys";

export function recall(key: Key): string | null {
  return read(`everline.${key}`);
}

export function remember(key: Key, value: string): void {
  write(`everline.${key}`, value);
}

export function recallOwn(key: OwnKey): string | null {
  return read(ownName(key));
}

export function rememberOwn(key: OwnKey, value: string): void {
  write(ownName(key), value);
}

function ownName(key: OwnKey): string {
  return `everline.${key}.${document.body.dataset.agent ?? ""}`;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}
