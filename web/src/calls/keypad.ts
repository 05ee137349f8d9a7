// The keypad: in a talk each key is sent to the customer's end; at rest the keys make a number to call.

import { post } from "../api/client";
import type { Call, Desk } from "../api/contract";
import type { Cell } from "../core/cell";
import { openDialog } from "../core/dialogs";
import { onClick, one, say, setText, show } from "../core/dom";
import type { CallActions } from "./actions";
import { dial, forgetRefusals } from "./dial";

const KEYS = "0123456789*#+";

export function mountKeypad(desk: Cell<Desk | null>, actions: CallActions): void {
  const dialog = one<HTMLDialogElement>("#keypad");
  let typed = "";
  let sent: Promise<void> = Promise.resolve();

  const talk = (): Call | null => {
    const call = desk.value?.call ?? null;
    return call && (call.stage === "connected" || call.stage === "conference") && call.brought_by === null
      ? call
      : null;
  };
  const draw = (): void => {
    const inTalk = talk() !== null;
    setText(one("[data-keypad-shown]"), typed);
    setText(
      one("[data-keypad-note]"),
      inTalk ? "Each key is heard at the customer's end at once." : "Make a number, then call it.",
    );
    show(one(".keypad-foot", dialog), !inTalk);
  };
  const press = async (key: string): Promise<void> => {
    typed += key;
    draw();
    const call = talk();
    if (!call || key === "+") return;
    // One after the other: two requests may overtake each other on the way.
    sent = sent.then(() =>
      attempt(actions, call, () =>
        post(`/api/v1/calls/${encodeURIComponent(call.call_id)}/keys`, { digits: key, seen: call.revision }),
      ),
    );
    await sent;
  };

  desk.watch(draw);
  // Not when it opens: the browser tells of that late, when the first key may have been pressed.
  dialog.addEventListener("close", () => {
    typed = "";
    tell(null);
    draw();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented) return;
    if (KEYS.includes(event.key)) void press(event.key);
    else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) callTyped();
    else if (event.key === "Backspace") typed = typed.slice(0, -1);
    else return;
    event.preventDefault();
    draw();
  });
  onClick("[data-keypad-key]", (button) => void press(button.dataset.keypadKey ?? ""));
  onClick("[data-keypad-back]", () => {
    typed = typed.slice(0, -1);
    draw();
  });
  const callTyped = (): void => {
    if (!typed || talk()) return;
    const number = typed;
    dialog.close();
    void dial({ number });
  };
  onClick("[data-keypad-call]", callTyped);
}

/** The field beside the tools: a number and Enter. */
export function mountDialForm(): void {
  const field = one<HTMLInputElement>("[data-dial-number]");
  one<HTMLFormElement>("[data-dial-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    const number = field.value.trim();
    if (!number) return;
    void dial({ number }).then((called) => {
      if (called && field.value.trim() === number) field.value = "";
    });
  });
  field.addEventListener("input", forgetRefusals);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") forgetRefusals();
  });
}

/** Puts the keyboard into the field of the number to call. */
export function focusDial(): void {
  one<HTMLInputElement>("[data-dial-number]").focus();
}

export function openKeypad(): void {
  openDialog("keypad");
}

async function attempt(actions: CallActions, call: Call, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
    tell(null);
  } catch (error) {
    tell(actions.why(error, call));
  }
}

function tell(message: string | null): void {
  say(one("[data-keypad-message]"), message);
}
