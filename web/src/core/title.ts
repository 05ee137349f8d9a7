// The title of the document, from what several parts of the page have to say.

import { Cell } from "./cell";

/** The page that is shown. */
export const pageTitle = new Cell("");
/** The agent's state, in a word. */
export const stateTitle = new Cell("");
/** What goes before all else, such as who is calling; null when there is nothing. */
export const urgentTitle = new Cell<string | null>(null);

export function wholeTitle(): string {
  return urgentTitle.value ?? [stateTitle.value, pageTitle.value, "Everline"].filter(Boolean).join(" · ");
}

export function mountTitle(): void {
  const show = (): void => {
    document.title = wholeTitle();
  };
  for (const part of [pageTitle, stateTitle]) part.watch(show);
  urgentTitle.watch(show);
}
