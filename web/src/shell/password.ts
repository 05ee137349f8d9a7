// The dialog in which users change their own password. Nothing that is typed in it outlives it.

import { put, reasonFor } from "../api/client";
import { openDialog } from "../core/dialogs";
import { onClick, one, say, setPending, show } from "../core/dom";
import { closeMenus } from "../core/menu";

export function mountPassword(): void {
  const dialog = one<HTMLDialogElement>("#password");
  const form = one<HTMLFormElement>("form", dialog);
  const [current, wanted, again] = ["current", "new", "again"].map((name) =>
    one<HTMLInputElement>(`[data-password=${name}]`, form),
  ) as [HTMLInputElement, HTMLInputElement, HTMLInputElement];
  const button = one("[data-password-change]", form);
  const done = one("[data-password-done]", dialog);
  const tell = (message: string | null): void => say(one("[data-password-message]", form), message);
  // The menu first, so that the keyboard comes back to its button.
  onClick("[data-open-password]", () => {
    closeMenus();
    openDialog("password");
  });
  dialog.addEventListener("close", () => {
    form.reset();
    tell(null);
    show(form, true);
    show(done, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    if (wanted.value !== again.value) {
      tell("The two new passwords are not the same. Type the new one twice.");
      return again.focus();
    }
    tell(null);
    setPending(button, true);
    put("/api/v1/account/password", { current: current.value, new: wanted.value })
      .then(() => {
        form.reset();
        show(form, false);
        show(done, true);
        one("[data-close]", done).focus();
      })
      .catch((error: unknown) => tell(reasonFor(error)))
      .finally(() => setPending(button, false));
  });
}
