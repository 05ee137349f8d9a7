// Logging out, or closing the page, in a call asks first: the customer would hear music and wait for somebody who has gone.

import type { Call, Desk } from "../api/contract";
import type { CallActions } from "../calls/actions";
import { callerLabel } from "../calls/caller";
import { openColleagues } from "../calls/colleagues";
import { endWords } from "../calls/end";
import { TALKING } from "../calls/rules";
import type { Cell } from "../core/cell";
import { openDialog } from "../core/dialogs";
import { onClick, one, setText, show } from "../core/dom";
import { closeMenus } from "../core/menu";
import { setMeaning } from "../core/press";
import { phoneIsHere } from "../phone/tabs";

export function mountLogOut(desk: Cell<Desk | null>, actions: CallActions): void {
  const form = one<HTMLFormElement>("form[action='/logout']");
  const dialog = one<HTMLDialogElement>("#log-out");
  const customer = (): Call | null => {
    const call = desk.value?.call ?? null;
    return call && call.brought_by === null && (TALKING.has(call.stage) || call.stage === "returning") ? call : null;
  };
  /** A call of which this page is the phone: it is cut off when the page goes. */
  const cutOff = (): boolean => {
    const call = desk.value?.call ?? null;
    return call !== null && (TALKING.has(call.stage) || call.stage === "returning" || call.stage === "dialling");
  };
  let leaving = false;
  /** The call for which the dialog asks. */
  let asked: Call | null = null;

  /** The question is over when the call is: the dialog says so, and leaves the answer to the agent. */
  const draw = (call: Call | null): void => {
    if (asked === null) return;
    const goesOn = customer() !== null;
    const who = callerLabel(asked);
    const end = endWords(call, asked) ?? "The call is not yours any more.";
    setText(one("#log-out-title", dialog), goesOn ? "You are in a call" : "Your call is over");
    setText(
      one("[data-log-out-words]", dialog),
      goesOn
        ? `If you log out now, ${who} hears music and waits for you. Hand the call over, or end it first.`
        : `${end} You can log out now.`,
    );
    const buttons = {
      end: goesOn,
      transfer: goesOn && (call?.stage === "connected" || call?.stage === "held"),
      now: !goesOn,
    };
    for (const [name, shown] of Object.entries(buttons)) {
      const button = one(`[data-log-out-${name}]`, dialog);
      const focused = document.activeElement === button;
      show(button, shown);
      setMeaning(button, shown ? name : null, name !== "now");
      if (focused && !shown) one("[data-close].button", dialog).focus();
    }
  };

  form.addEventListener("submit", (event) => {
    const call = leaving ? null : customer();
    leaving = true;
    if (!call) return;
    leaving = false;
    event.preventDefault();
    closeMenus();
    asked = call;
    draw(desk.value?.call ?? null);
    openDialog("log-out");
  });
  onClick("[data-log-out-end]", () => {
    // Once the call is over the agent may still have to code it: the log-out then follows by hand, as ever.
    let patience: ReturnType<typeof setTimeout> | undefined;
    const stop = desk.watch(() => {
      if (customer()) return;
      stop();
      clearTimeout(patience);
      form.requestSubmit();
    });
    patience = setTimeout(stop, 10_000);
    dialog.close();
    void actions.endAll();
  });
  onClick("[data-log-out-transfer]", () => {
    dialog.close();
    openColleagues("transfer");
  });
  onClick("[data-log-out-now]", () => form.requestSubmit());
  desk.watch((now) => {
    if (!dialog.open || asked === null) return;
    draw(now?.call ?? null);
    // What has been said of the end stays, also after the wrap-up.
    if (customer() === null) asked = null;
  });
  addEventListener("beforeunload", (event) => {
    if (leaving || phoneIsHere.value === false || desk.value?.phone.kind !== "web" || !cutOff()) return;
    event.preventDefault();
  });
}
