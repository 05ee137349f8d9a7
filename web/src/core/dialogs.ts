// Dialogs stand below the call bar and never cover or silence it: whatever is open, a call can be answered, muted and ended.
// So they are not modal for the browser; what a modal one does by itself is done here.

import { onClick, one } from "./dom";

/** Where the keyboard was before a dialog was opened. */
const openedFrom = new WeakMap<HTMLDialogElement, Element>();

export function openDialogs(): HTMLDialogElement[] {
  return [...document.querySelectorAll<HTMLDialogElement>("dialog.dialog[open]")];
}

export function openDialog(id: string): void {
  const dialog = one<HTMLDialogElement>(`#${id}`);
  if (dialog.open) return;
  // One at a time: whoever opens another is done with the first.
  closeDialogs();
  const opener = document.activeElement;
  if (opener) openedFrom.set(dialog, opener);
  makeRoom();
  dialog.show();
  const [first] = focusable(dialog);
  (dialog.querySelector<HTMLElement>("[autofocus]") ?? first)?.focus();
  showScrim();
}

/** The browser tells of a closed dialog late: the next key may be pressed before. */
function closeDialogs(): void {
  for (const dialog of openDialogs()) {
    dialog.close();
    closed(dialog);
  }
}

/** In a narrow window, or one that is magnified, a dialog has what the call bar leaves: the bar goes to the top for it. */
const NARROW = matchMedia("(max-width: 860px)");

function makeRoom(): void {
  const bar = one("[data-callbar]");
  if (NARROW.matches) scrollBy({ top: Math.max(0, bar.getBoundingClientRect().top), behavior: "instant" });
  measure();
}

function measure(): void {
  const end = Math.ceil(one("[data-callbar]").getBoundingClientRect().bottom);
  document.documentElement.style.setProperty("--ev-callbar-end", `${end}px`);
}

export function mountDialogs(): void {
  new ResizeObserver(measure).observe(one("[data-callbar]"));
  addEventListener("scroll", measure, { passive: true });
  addEventListener("resize", () => (openDialogs().length > 0 ? makeRoom() : measure()));
  onClick("[data-open]", (button) => openDialog(button.dataset.open ?? ""));
  onClick("[data-close], [data-scrim]", () => closeDialogs());
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog.dialog")) {
    dialog.addEventListener("close", () => closed(dialog));
    dialog.addEventListener("keydown", (event) => event.key === "Tab" && keepInside(dialog, event));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (openDialogs().length === 0) return;
    event.preventDefault();
    closeDialogs();
  });
}

/** The keyboard goes back where it was, unless it has gone elsewhere since, as to the call bar. */
function closed(dialog: HTMLDialogElement): void {
  showScrim();
  const opener = openedFrom.get(dialog);
  const nowhere =
    document.activeElement === null ||
    document.activeElement === document.body ||
    dialog.contains(document.activeElement);
  if (!nowhere) return;
  // A hidden field would keep the keys to itself until the next picture is drawn.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
}

function showScrim(): void {
  one("[data-scrim]").hidden = openDialogs().length === 0;
}

/** Tab stays in the dialog; the call bar has its keys and the mouse. */
function keepInside(dialog: HTMLDialogElement, event: KeyboardEvent): void {
  const items = focusable(dialog);
  const [first, last] = [items[0], items[items.length - 1]];
  const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

function focusable(dialog: HTMLDialogElement): HTMLElement[] {
  return [...dialog.querySelectorAll<HTMLElement>("button, input, select, a[href], [tabindex='0']")].filter((item) =>
    item.checkVisibility(),
  );
}
