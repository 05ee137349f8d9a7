// The "Your phone" panel: each thing a call needs, whether it is there, and the button that brings it.

import type { Desk } from "../api/contract";
import type { Cell } from "../core/cell";
import { one, setIcon, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { allowNotifications, type NotificationAccess, notificationAccess } from "../shell/notifier";
import { chosen, found, inUse, isAway } from "./devices";
import { askForMicrophone, type MicrophoneAccess, microphoneAccess } from "./microphone";
import { phoneValue } from "./phone-status";
import { chime, ringOn } from "./ringer";
import type { Softphone } from "./softphone";

type Tone = "good" | "ask" | "bad" | "quiet";

const MICROPHONE: Record<MicrophoneAccess, [Tone, string]> = {
  unknown: ["ask", "Callers hear you through it. Allow it now, so that your first call need not wait."],
  prompt: ["ask", "Callers hear you through it. Allow it now, so that your first call need not wait."],
  granted: ["good", "Allowed. It is open only during a call."],
  denied: ["bad", "Blocked. Allow it in the site settings beside the address: without it callers cannot hear you."],
  missing: ["bad", "None found, or in use elsewhere. Plug in your headset."],
};

const NOTIFICATIONS: Record<NotificationAccess, [Tone, string]> = {
  default: ["ask", "See a call come in while you work in another window."],
  granted: ["good", "On. A click on one brings this page up."],
  denied: ["quiet", "Blocked in the browser. Calls still ring here."],
  unsupported: ["quiet", "This browser has none. Calls still ring here."],
};

export function mountSetup(scope: Scope, desk: Cell<Desk | null>, phone: Softphone): void {
  const devices = [
    found,
    inUse.microphone,
    inUse.speaker,
    inUse.ringer,
    chosen.microphone,
    chosen.speaker,
    chosen.ringer,
  ];
  scope.render([desk, phone.registration, microphoneAccess, notificationAccess, ringOn, ...devices], () =>
    render(desk.value, phone),
  );
  scope.onClick("[data-allow-microphone]", () => void askForMicrophone().catch(() => undefined));
  scope.onClick("[data-allow-notifications]", () => void allowNotifications());
  scope.onClick("[data-toggle-ring]", () => {
    ringOn.value = !ringOn.value;
  });
  scope.onClick("[data-try-ring]", chime);
}

function render(desk: Desk | null, phone: Softphone): void {
  const web = desk?.phone.kind === "web";
  renderPhone(desk, phone);
  show(fill("microphone", ...MICROPHONE[microphoneAccess.value]), web);
  const microphone = one("[data-allow-microphone]");
  show(microphone, microphoneAccess.value !== "granted");
  setText(
    microphone,
    microphoneAccess.value === "prompt" || microphoneAccess.value === "unknown" ? "Allow" : "Try again",
  );
  renderDevices(web);
  fill("notifications", ...NOTIFICATIONS[notificationAccess.value]);
  show(one("[data-allow-notifications]"), notificationAccess.value === "default");
  renderRing(web);
  setText(one("[data-setup-note]"), desk ? `Extension ${desk.phone.extension}` : "");
}

function renderPhone(desk: Desk | null, phone: Softphone): void {
  const value = phoneValue(desk, phone);
  const web = desk?.phone.kind !== "sip";
  const words: Record<typeof value, [Tone, string]> = {
    loading: ["quiet", "Connecting"],
    ready: ["good", web ? "Ready. Calls are taken in this browser." : "Registered. Calls ring on your phone."],
    elsewhere: ["quiet", "In another tab: calls ring and sound there. “Use the phone here” fetches it."],
    connecting: ["quiet", "Connecting"],
    no_microphone: [
      "bad",
      "Connected, but callers could not hear you. No calls of queues come until the microphone can be used.",
    ],
    lost: ["bad", web ? "Not connected. It keeps trying by itself." : "Not registered. No calls come until it is."],
  };
  const row = fill("phone", ...words[value]);
  setIcon(row, web ? "headset" : "device");
  setText(one("[data-setup-name]", row), web ? "Phone in this browser" : "Desk phone");
}

function renderDevices(web: boolean): void {
  const away = isAway("microphone") || isAway("speaker") || isAway("ringer");
  const name = (purpose: "microphone" | "speaker"): string =>
    (inUse[purpose].value && chosen[purpose].value?.name) || "System default";
  const names = new Set([name("microphone"), name("speaker")]);
  const usual = names.size === 1 && names.has("System default") ? "The system default." : [...names].join(" · ");
  show(
    fill(
      "devices",
      away ? "bad" : "good",
      away ? "A chosen device is not plugged in; the standard one is used." : usual,
    ),
    web,
  );
}

function renderRing(web: boolean): void {
  const on = ringOn.value;
  const row = fill(
    "ring",
    on ? "good" : "quiet",
    on ? "On" : "Silent. The page and the notification still show calls.",
  );
  show(row, web);
  setIcon(row, on ? "sound" : "sound-off");
  const button = one("[data-toggle-ring]");
  button.setAttribute("aria-pressed", String(!on));
  setText(button, on ? "Silence" : "Turn on");
  show(one("[data-try-ring]"), on);
}

function fill(name: string, tone: Tone, text: string): HTMLElement {
  const row = one(`[data-setup-row=${name}]`);
  row.dataset.value = tone;
  setText(one("[data-setup-text]", row), text);
  return row;
}
