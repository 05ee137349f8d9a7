// Light, dark, or as the system says.

import { recall, remember } from "./preferences";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

function chosen(): Theme {
  const stored = recall("theme");
  return THEMES.find((theme) => theme === stored) ?? "system";
}

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Sets the theme on the document; called before the first paint and after every change. */
export function applyTheme(): void {
  const theme = chosen();
  const dark = theme === "dark" || (theme === "system" && systemIsDark.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/** Lets the radio buttons of the user menu choose the theme. */
export function mountTheme(): void {
  systemIsDark.addEventListener("change", applyTheme);
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=theme]")) {
    input.checked = input.value === chosen();
    input.addEventListener("change", () => {
      remember("theme", input.value);
      applyTheme();
    });
  }
}
