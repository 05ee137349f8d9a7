// Tells the server when callers could not hear the agent: a call is then not offered here, where nobody could take it.

import { put } from "../api/client";
import type { Desk } from "../api/contract";
import { type Cell, renderOn } from "../core/cell";
import { microphoneAccess } from "./microphone";
import { phoneIsHere } from "./tabs";

export function mountTellMicrophone(desk: Cell<Desk | null>): void {
  let asked: boolean | null = null;
  renderOn([desk, microphoneAccess, phoneIsHere], () => {
    const phone = desk.value?.phone;
    if (phone?.kind !== "web" || phoneIsHere.value !== true || microphoneAccess.value === "unknown") return;
    // Whoever has not been asked yet is asked at the first call.
    const usable = microphoneAccess.value === "granted" || microphoneAccess.value === "prompt";
    if (usable === phone.microphone) asked = null;
    else if (asked !== usable) {
      asked = usable;
      // A fresh desk, which follows each lost line, shows whether it has to be told again.
      void put("/api/v1/agent/microphone", { usable }).catch(() => (asked = null));
    }
  });
}
