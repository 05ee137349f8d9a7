// One key does the next likely thing. Keys rest while the agent types, and can be turned off.

import { pressPause, pressReady } from "../agents/state";
import { pressAction } from "../calls/bar";
import { focusDial, openKeypad } from "../calls/keypad";
import { pressTool } from "../calls/tools";
import { pressCode } from "../calls/wrap-up";
import { openDialog, openDialogs } from "../core/dialogs";
import { recall } from "../core/preferences";
import { openDevices } from "../phone/device-dialog";
import { mountKeyCaps } from "./key-caps";
import { actionOf, type KeyAction, keyOf } from "./keymap";
import { mountShortcutList } from "./shortcut-list";

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

const TYPING =
  "input:not([type=radio]):not([type=checkbox]):not([type=button]), textarea, select, [contenteditable=''], [contenteditable=true]";
/** What concerns the call that rings or goes on works whatever else is open. */
const AT_ANY_TIME: ReadonlySet<KeyAction> = new Set(["answer", "decline", "mute", "end"]);

/** A letter is no part of a number: in the fields for numbers it is a key like everywhere else; in a choice of devices the call goes first. */
function isTyping(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element) || target.closest(TYPING) === null) return false;
  if (target instanceof HTMLSelectElement) return !AT_ANY_TIME.has(actionOf(key) ?? "help") || !hasCall();
  return !(target.matches("input[type=tel]") && /^\p{Letter}$/u.test(key));
}

function hasCall(): boolean {
  return document.querySelector("[data-callbar]:not([data-stage=empty])") !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = keyOf(event);
  if (recall("shortcuts") === "off" || isTyping(event.target, key) || document.querySelector("dialog:modal")) return;
  const dialog = openDialogs().length > 0;
  if (!dialog && /^[1-9]$/.test(key) && pressCode(key)) event.preventDefault();
  const action = actionOf(key);
  if (!action || (dialog && !AT_ANY_TIME.has(action))) return;
  event.preventDefault();
  RUN[action]();
}

export function mountShortcuts(): void {
  mountKeyCaps();
  document.addEventListener("keydown", onKey);
  mountShortcutList();
}
