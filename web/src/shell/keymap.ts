// Which key does what: the usual keys, and what an agent made of them. No key does two things.

import { Cell } from "../core/cell";
import { recallOwn, rememberOwn } from "../core/preferences";

export type KeyAction =
  | "answer"
  | "decline"
  | "mute"
  | "end"
  | "hold"
  | "consult"
  | "transfer"
  | "hand-over"
  | "conference"
  | "cancel"
  | "recording"
  | "keypad"
  | "dial"
  | "devices"
  | "ready"
  | "more-time"
  | "pause"
  | "help";

/** Each key as `KeyboardEvent.key` tells it: with Shift as the character that comes out, else in small letters. */
export const USUAL: Record<KeyAction, string> = {
  answer: "a",
  decline: "D",
  mute: "m",
  end: "E",
  hold: "h",
  consult: "c",
  transfer: "x",
  "hand-over": "o",
  conference: "f",
  cancel: "b",
  recording: "v",
  keypad: "k",
  dial: "n",
  devices: "s",
  ready: "r",
  "more-time": "t",
  pause: "p",
  help: "?",
};
export const ACTIONS = Object.keys(USUAL) as KeyAction[];

/** What ends a call is no single small key: a word typed in the wrong place must hang up on nobody. */
const ENDING: ReadonlySet<KeyAction> = new Set(["decline", "end"]);
/** Function keys that browsers do not keep for themselves. */
const FUNCTION_KEYS = ["F2", "F4", "F7", "F8", "F9", "F10"];

export const keys = new Cell<Readonly<Record<KeyAction, string>>>({ ...USUAL, ...stored() });

export function keyOf(event: KeyboardEvent): string {
  return event.shiftKey ? event.key : event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

export function actionOf(key: string): KeyAction | null {
  return ACTIONS.find((action) => keys.value[action] === key) ?? null;
}

/** "D" -> ["Shift", "D"], "a" -> ["A"], "?" -> ["?"]. */
export function capsOf(key: string): string[] {
  const isCapital = key.length === 1 && key !== key.toLowerCase();
  return isCapital ? ["Shift", key] : [key.length === 1 ? key.toUpperCase() : key];
}

/** Why an action cannot have a key; null when it can. */
export function objection(action: KeyAction, key: string): string | null {
  if (/^\d$/.test(key)) return "The digits are for wrap-up codes and reasons to pause.";
  const isCharacter = [...key].length === 1 && key.trim() !== "";
  if (!isCharacter && !FUNCTION_KEYS.includes(key))
    return `${key.trim() === "" ? "Space" : key} has a use of its own. Take a letter, a sign, or one of ${FUNCTION_KEYS.join(", ")}.`;
  if (ENDING.has(action) && isCharacter && capsOf(key).length === 1)
    return "What ends a call needs Shift and a letter, or a function key, so that no word typed in the wrong place hangs up.";
  return null;
}

/** Gives an action a key. Whoever had it takes the old one. Returns why not, or null. */
export function assign(action: KeyAction, key: string): string | null {
  const other = actionOf(key);
  const why = objection(action, key) ?? (other && other !== action ? objection(other, keys.value[action]) : null);
  if (why !== null) return why;
  const next = { ...keys.value, [action]: key };
  if (other && other !== action) next[other] = keys.value[action];
  keep(next);
  return null;
}

export function resetAll(): void {
  keep({ ...USUAL });
}

function keep(next: Record<KeyAction, string>): void {
  keys.value = next;
  rememberOwn(
    "keys",
    JSON.stringify(
      Object.fromEntries(
        ACTIONS.filter((action) => next[action] !== USUAL[action]).map((action) => [action, next[action]]),
      ),
    ),
  );
}

/** What was kept, as far as it makes sense: with two actions on one key, or a strange one, all keys are the usual ones. */
function stored(): Partial<Record<KeyAction, string>> {
  try {
    const kept = JSON.parse(recallOwn("keys") || "{}") as Record<string, unknown>;
    const all: Record<string, unknown> = { ...USUAL, ...kept };
    const fit = ACTIONS.every((action) => typeof all[action] === "string" && objection(action, all[action]) === null);
    const distinct = new Set(ACTIONS.map((action) => all[action])).size === ACTIONS.length;
    return fit && distinct ? Object.fromEntries(ACTIONS.map((action) => [action, all[action] as string])) : {};
  } catch {
    return {};
  }
}
