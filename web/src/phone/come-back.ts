// A page that was loaded anew, or whose network was gone, has no part in its call any more: it asks to be rung again.

import { post } from "../api/client";
import type { Desk } from "../api/contract";
import type { CallActions } from "../calls/actions";
import { type Cell, renderOn } from "../core/cell";
import type { Softphone } from "./softphone";

/** A call that is just being connected has its sound a moment later. */
const GRACE_MS = 1200;
const AT_ONCE_MS = 100;
const AGAIN_MS = 6000;
const OURS: ReadonlySet<string> = new Set(["connected", "held", "reaching", "consulting", "conference", "returning"]);

/** Only in the tab that is the phone, and not for a call that the agent has ended here: see `actions.hasEnded`. */
export function comeBack(desk: Cell<Desk | null>, phone: Softphone, actions: CallActions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isLost = (): boolean => {
    const now = desk.value;
    const call = now?.call;
    return (
      now?.phone.kind === "web" &&
      call != null &&
      OURS.has(call.stage) &&
      !actions.hasEnded(call) &&
      phone.registration.value === "registered" &&
      phone.stage.value === "none"
    );
  };
  const ask = (): void => {
    timer = undefined;
    const call = desk.value?.call;
    if (!call || !isLost()) return;
    // A refusal means that it is coming already, or is over; the desk tells which.
    void post(`/api/v1/calls/${encodeURIComponent(call.call_id)}/rejoin`, { seen: call.revision }).catch(
      () => undefined,
    );
    timer = setTimeout(ask, AGAIN_MS);
  };

  renderOn([desk, phone.registration, phone.stage], () => {
    if (!isLost()) {
      clearTimeout(timer);
      timer = undefined;
    } else timer ??= setTimeout(ask, desk.value?.call?.stage === "returning" ? AT_ONCE_MS : GRACE_MS);
  });
}
