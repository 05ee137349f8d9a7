// One key does the next likely thing. Keys rest while the agent types, and can be turned off.

import { pressPause, pressReady } from "./agent-state";
import { pressAction } from "./call-bar";
import { element, one } from "./dom";
import { openDialog } from "./dialogs";
import { recall, remember } from "./preferences";

interface Shortcut {
  keys: string;
  does: string;
  run: () => void;
}

const SHORTCUTS: Record<string, Shortcut> = {
  a: { keys: "A", does: "Answer the call", run: () => pressAction("answer") },
  D: { keys: "Shift D", does: "Decline the call", run: () => pressAction("decline") },
  m: { keys: "M", does: "Mute or unmute", run: () => pressAction("mute") },
  E: { keys: "Shift E", does: "End the call", run: () => pressAction("hang-up") },
  r: { keys: "R", does: "Ready: end pause or wrap-up", run: () => void (pressReady() || pressAction("wrap-up")) },
  p: { keys: "P", does: "Pause; then 1 to 9 chooses the reason", run: pressPause },
  "?": { keys: "?", does: "Show this list", run: () => openDialog("shortcuts") },
};

const TYPING = "input:not([type=radio]):not([type=checkbox]):not([type=button]), textarea, select, [contenteditable=''], [contenteditable=true]";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (recall("shortcuts") === "off" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  const shortcut = SHORTCUTS[key];
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
}

function keycaps(keys: string): HTMLElement[] {
  return keys.split(" ").map((key) => element("kbd", {}, key));
}

export function mountShortcuts(): void {
  document.addEventListener("keydown", onKey);
  const rows = Object.values(SHORTCUTS).map(({ keys, does }) =>
    element("tr", {}, element("th", { scope: "row" }, ...keycaps(keys)), element("td", {}, does)),
  );
  one("[data-shortcut-list]").replaceChildren(...rows, closeRow());
  const box = one<HTMLInputElement>("[data-shortcuts-on]");
  box.checked = recall("shortcuts") !== "off";
  box.addEventListener("change", () => remember("shortcuts", box.checked ? "on" : "off"));
}

function closeRow(): HTMLElement {
  return element("tr", {}, element("th", { scope: "row" }, ...keycaps("Esc")), element("td", {}, "Close a menu or a dialog"));
}
