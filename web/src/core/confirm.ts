// Asks before what cannot be undone. The dialog stands below the call bar as all others do.

import { openDialog } from "./dialogs";
import { one, setText } from "./dom";

export interface Question {
  title: string;
  words: string;
  /** What the button says that does it. */
  yes: string;
  /** What the button says that leaves all as it is. */
  no?: string;
  /** Something is lost by it. */
  isHarmful?: boolean;
}

/** False as well when the dialog is closed in any other way. */
export function confirm({ title, words, yes, no = "Cancel", isHarmful = false }: Question): Promise<boolean> {
  const dialog = one<HTMLDialogElement>("#confirm");
  const button = one<HTMLButtonElement>("[data-confirm-yes]", dialog);
  setText(one("#confirm-title", dialog), title);
  setText(one("#confirm-words", dialog), words);
  setText(one("span", button), yes);
  setText(one("[data-confirm-no] span", dialog), no);
  button.classList.toggle("button-hangup", isHarmful);
  button.classList.toggle("button-primary", !isHarmful);
  openDialog("confirm");
  return new Promise((resolve) => {
    const over = new AbortController();
    const answer = (is: boolean): void => {
      over.abort();
      resolve(is);
    };
    dialog.addEventListener("close", () => answer(false), { signal: over.signal });
    button.addEventListener(
      "click",
      () => {
        answer(true);
        dialog.close();
      },
      { signal: over.signal },
    );
  });
}
