// The keys on the buttons: shown on the button at hand (by CSS), on all while Alt is held, or always, as the agent likes it.

import { one } from "../core/dom";
import { recall, remember } from "../core/preferences";

export function mountKeyCaps(): void {
  const box = one<HTMLInputElement>("[data-key-caps-on]");
  const show = (isHeld: boolean): void => {
    document.documentElement.toggleAttribute("data-key-caps", box.checked || isHeld);
  };
  box.checked = recall("key-caps") === "on";
  show(false);
  box.addEventListener("change", () => {
    remember("key-caps", box.checked ? "on" : "off");
    show(false);
  });
  document.addEventListener("keydown", (event) => event.key === "Alt" && show(true));
  document.addEventListener("keyup", (event) => event.key === "Alt" && show(false));
  // Alt and Tab lead to another window, which hears of the end.
  addEventListener("blur", () => show(false));
}
