// Tells the agent about an offered call when the page is not in front: desktop notification, ring and tab title.

import type { Call, Desk } from "../api/contract";
import { callerLabel, callerNumber } from "../calls/caller";
import { Cell } from "../core/cell";
import { stateTitle, urgentTitle } from "../core/title";
import { STATE_WORDS } from "../core/words";
import { startRing, stopRing } from "../phone/ringer";
import { phoneIsHere } from "../phone/tabs";

export type NotificationAccess = NotificationPermission | "unsupported";

export const notificationAccess = new Cell<NotificationAccess>(
  "Notification" in window ? Notification.permission : "unsupported",
);

/** Asked by a button only: a browser remembers a careless No for ever. */
export async function allowNotifications(): Promise<void> {
  notificationAccess.value = await Notification.requestPermission();
}

let shown: Notification | null = null;

function notify(call: Call): void {
  if (notificationAccess.value !== "granted") return;
  const about = [callerNumber(call), call.queue].filter(Boolean).join(" · ");
  shown = new Notification(`${call.callback ? "Callback" : "Incoming call"}: ${callerLabel(call)}`, {
    body: about,
    tag: `everline-${call.call_id}`,
    icon: document.documentElement.dataset.mark ?? "",
    requireInteraction: true,
  });
  shown.onclick = () => {
    window.focus();
    shown?.close();
  };
}

function quiet(): void {
  shown?.close();
  shown = null;
  stopRing();
}

/** A desk phone rings by itself, so only the browser's phone sounds here; of several tabs only the one that is the phone. */
function announce(desk: Desk, call: Call): void {
  if (desk.phone.kind === "web" && phoneIsHere.value === false) return;
  notify(call);
  if (desk.phone.kind === "web") startRing();
}

function ringingTitle(call: Call | null): string | null {
  if (call?.stage !== "offered") return null;
  return call.callback ? `☎ Callback to ${callerLabel(call)}` : `☎ ${callerLabel(call)} is calling`;
}

export function mountNotifier(desk: Cell<Desk | null>): void {
  let ringing: string | null = null;
  desk.watch((now) => {
    const call = now?.call ?? null;
    urgentTitle.value = ringingTitle(call);
    stateTitle.value = now ? STATE_WORDS[now.agent.state].word : "";
    const offered = call?.stage === "offered" ? call.call_id : null;
    if (offered === ringing) return;
    ringing = offered;
    quiet();
    if (now && call && offered) announce(now, call);
  });
  addEventListener("pagehide", quiet);
}
