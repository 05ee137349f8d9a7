// A button that has just got another meaning does nothing for a moment, so that a press meant for the old one is lost, not misused.

export const QUIET_MS = 400;

const meanings = new WeakMap<HTMLElement, string | null>();
const quietUntil = new WeakMap<HTMLElement, number>();

/** Says what a button means now; null: it is not there. Unless it is `harmless`, a new meaning rests at first. */
export function setMeaning(button: HTMLElement, meaning: string | null, harmless = false): void {
  const before = meanings.get(button) ?? null;
  meanings.set(button, meaning);
  if (meaning === null || meaning === before || harmless) return;
  quietUntil.set(button, performance.now() + QUIET_MS);
  button.dataset.quiet = "";
  wakeLater(button);
}

/** A timer may fire a little before its time: then it is set again, or the button would look as if it rested for ever. */
function wakeLater(button: HTMLElement): void {
  const left = (quietUntil.get(button) ?? 0) - performance.now();
  if (left > 0) setTimeout(() => wakeLater(button), Math.ceil(left));
  else delete button.dataset.quiet;
}

export function isQuiet(button: HTMLElement): boolean {
  return performance.now() < (quietUntil.get(button) ?? 0);
}

/** Stops presses on such buttons before anybody hears of them. */
export function mountQuiet(): void {
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
      if (!button || !isQuiet(button)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
