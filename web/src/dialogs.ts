// Dialogs are native <dialog> elements: Esc closes them and the browser keeps the focus inside.

import { onClick, one } from "./dom";

export function openDialog(id: string): void {
  const dialog = one<HTMLDialogElement>(`#${id}`);
  if (!dialog.open) dialog.showModal();
}

export function mountDialogs(): void {
  onClick("[data-open]", (button) => openDialog(button.dataset["open"] ?? ""));
  onClick("[data-close]", (button) => button.closest("dialog")?.close());
  document.addEventListener("click", (event) => {
    // A click on the backdrop has the dialog itself as its target.
    if (event.target instanceof HTMLDialogElement && event.target.classList.contains("dialog")) event.target.close();
  });
}
