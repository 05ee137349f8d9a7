// One key does the next likely thing. Keys rest while the agent types, and can be turned off.

import { pressPause, pressReady } from "./agent-state";
import { pressAction } from "./call-bar";
import { pressTool } from "./call-tools";
import { element, one } from "./dom";
import { openDialog } from "./dialogs";
import { openKeypad } from "./keypad";
import { recall, remember } from "./preferences";
import { pressCode } from "./wrap-up";

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
  h: { keys: "H", does: "Hold, or talk again", run: () => pressTool("hold") },
  c: { keys: "C", does: "Consult somebody", run: () => pressTool("consult") },
  x: { keys: "X", does: "Transfer the call", run: () => pressTool("transfer") },
  o: { keys: "O", does: "Hand the call over after a consultation", run: () => pressTool("hand-over") },
  f: { keys: "F", does: "All together: customer, you and the third party", run: () => pressTool("conference") },
  b: { keys: "B", does: "Back to the customer: end the consultation", run: () => pressTool("cancel") },
  v: { keys: "V", does: "Pause the recording, or go on with it", run: () => pressTool("recording") },
  k: { keys: "K", does: "Keypad", run: openKeypad },
  r: { keys: "R", does: "Ready: end pause or wrap-up", run: () => void (pressReady() || pressAction("wrap-up")) },
  t: { keys: "T", does: "More time for the wrap-up", run: () => pressAction("more-time") },
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
  if (/^[1-9]$/.test(key) && pressCode(key)) event.preventDefault();
  const shortcut = SHORTCUTS[key];
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
}

function keycaps(keys: string): HTMLElement[] {
  return keys.split(" ").map((key) => (key === "–" ? element("span", { class: "key-to" }, key) : element("kbd", {}, key)));
}

export function mountShortcuts(): void {
  document.addEventListener("keydown", onKey);
  const rows = Object.values(SHORTCUTS).map(({ keys, does }) => line(keys, does));
  one("[data-shortcut-list]").replaceChildren(
    ...rows,
    line("1 – 9", "Wrap-up code: gives it and ends the wrap-up"),
    line("Esc", "Close a menu or a dialog"),
  );
  const box = one<HTMLInputElement>("[data-shortcuts-on]");
  box.checked = recall("shortcuts") !== "off";
  box.addEventListener("change", () => remember("shortcuts", box.checked ? "on" : "off"));
}

function line(keys: string, does: string): HTMLElement {
  return element("tr", {}, element("th", { scope: "row" }, ...keycaps(keys)), element("td", {}, does));
}
