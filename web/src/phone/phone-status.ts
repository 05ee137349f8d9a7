// Whether the phone can ring: a word in the top bar for both kinds, and a notice on the page for a desk phone.

import type { Desk } from "../api/contract";
import { phoneReady } from "../calls/next";
import { type Cell, renderOn } from "../core/cell";
import { onClick, one, setIcon, setText, show } from "../core/dom";
import { microphoneAccess } from "./microphone";
import type { Softphone } from "./softphone";
import { takePhone } from "./tabs";

type Value = "loading" | "ready" | "elsewhere" | "connecting" | "lost" | "no_microphone";

export function phoneValue(desk: Desk | null, phone: Softphone): Value {
  if (!desk) return "loading";
  if (phone.isElsewhere) return "elsewhere";
  if (phoneReady(desk, phone.registration.value)) return isUnheard(desk) ? "no_microphone" : "ready";
  return desk.phone.kind === "web" && phone.registration.value !== "lost" ? "connecting" : "lost";
}

/** Whether callers could not hear the agent. Whoever has not been asked for the microphone yet is asked at the first call. */
function isUnheard(desk: Desk): boolean {
  return desk.phone.kind === "web" && (microphoneAccess.value === "denied" || microphoneAccess.value === "missing");
}

const WORDS: Record<Value, string> = {
  loading: "Phone: connecting",
  ready: "Phone: ready",
  elsewhere: "Phone: in another tab",
  connecting: "Phone: connecting",
  lost: "Phone: not connected",
  no_microphone: "Phone: no microphone",
};

const ICONS: Record<Value, string> = {
  loading: "refresh",
  ready: "headset",
  elsewhere: "windows",
  connecting: "refresh",
  lost: "offline",
  no_microphone: "mic-off",
};

export function mountPhoneStatus(desk: Cell<Desk | null>, phone: Softphone): void {
  renderOn([desk, phone.registration, microphoneAccess], () => {
    const value = phoneValue(desk.value, phone);
    const status = one("[data-phone-status]");
    status.dataset.value = value;
    setIcon(status, ICONS[value]);
    setText(one("[data-phone-word]", status), WORDS[value]);
    show(one("[data-take-phone]"), value === "elsewhere");
    renderNotice(desk.value);
  });
  onClick("[data-take-phone]", takePhone);
}

function renderNotice(desk: Desk | null): void {
  const notice = one("[data-sip-notice]");
  show(notice, desk?.phone.kind === "sip");
  if (!desk) return;
  const { registered, extension } = desk.phone;
  notice.dataset.value = registered ? "ready" : "lost";
  setIcon(notice, registered ? "check" : "alert");
  const text = registered
    ? `Extension ${extension} is registered. Your phone rings for each call.`
    : `Extension ${extension} is not registered. Register it on your phone, or ask your administrator.`;
  setText(one("[data-sip-text]", notice), text);
}
