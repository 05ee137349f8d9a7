// What this browser remembers for its agent: never anything about a call or a customer.

type Key = "theme" | "ring" | "shortcuts" | "waiting-order";

function name(key: Key): string {
  return `everline.${key}`;
}

export function recall(key: Key): string | null {
  try {
    return localStorage.getItem(name(key));
  } catch {
    return null;
  }
}

export function remember(key: Key, value: string): void {
  try {
    localStorage.setItem(name(key), value);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}
