// Logging out, or closing the page, in a call asks first: the customer would hear music and wait for somebody who has gone.

import { TALKING, type CallActions } from "./call-actions";
import { callerLabel } from "./caller";
import type { Cell } from "./cell";
import { openColleagues } from "./colleagues";
import type { Call, Desk } from "./contract";
import { openDialog } from "./dialogs";
import { onClick, one, setText, show } from "./dom";
import { closeMenus } from "./menu";
import { phoneIsHere } from "./tabs";

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

  form.addEventListener("submit", (event) => {
    const call = leaving ? null : customer();
    leaving = true;
    if (!call) return;
    leaving = false;
    event.preventDefault();
    closeMenus();
    setText(one("[data-log-out-who]", dialog), callerLabel(call));
    show(one("[data-log-out-transfer]", dialog), call.stage === "connected" || call.stage === "held");
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
  // The question is over when the call is.
  desk.watch(() => dialog.open && customer() === null && dialog.close());
  addEventListener("beforeunload", (event) => {
    if (leaving || phoneIsHere.value === false || desk.value?.phone.kind !== "web" || !cutOff()) return;
    event.preventDefault();
  });
}
