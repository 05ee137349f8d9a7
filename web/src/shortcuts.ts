// One key does the next likely thing. Keys rest while the agent types, and can be turned off.

import { pressPause, pressReady } from "./agent-state";
import { pressAction } from "./call-bar";
import { pressTool } from "./call-tools";
import { openDevices } from "./device-dialog";
import { openDialog } from "./dialogs";
import { focusDial, openKeypad } from "./keypad";
import { actionOf, keyOf, type KeyAction } from "./keymap";
import { recall } from "./preferences";
import { mountShortcutList } from "./shortcut-list";
import { pressCode } from "./wrap-up";

const RUN: Record<KeyAction, () => void> = {
  answer: () => pressAction("answer"),
  decline: () => pressAction("decline"),
  mute: () => pressAction("mute"),
  end: () => pressAction("hang-up"),
  hold: () => pressTool("hold"),
  consult: () => pressTool("consult"),
  transfer: () => pressTool("transfer"),
  "hand-over": () => pressTool("hand-over"),
  conference: () => pressTool("conference"),
  cancel: () => pressTool("cancel"),
  recording: () => pressTool("recording"),
  keypad: openKeypad,
  dial: focusDial,
  devices: openDevices,
  ready: () => void (pressReady() || pressAction("wrap-up")),
  "more-time": () => pressAction("more-time"),
  pause: pressPause,
  help: () => openDialog("shortcuts"),
};

const TYPING = "input:not([type=radio]):not([type=checkbox]):not([type=button]), textarea, select, [contenteditable=''], [contenteditable=true]";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (recall("shortcuts") === "off" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = keyOf(event);
  if (/^[1-9]$/.test(key) && pressCode(key)) event.preventDefault();
  const action = actionOf(key);
  if (!action) return;
  event.preventDefault();
  RUN[action]();
}

export function mountShortcuts(): void {
  document.addEventListener("keydown", onKey);
  mountShortcutList();
}
