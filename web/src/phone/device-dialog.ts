// The dialog of the devices: choose the microphone, the speaker and what rings; see the level, hear a tone, hear oneself.

import { reasonFor } from "../api/client";
import { renderOn } from "../core/cell";
import { openDialog } from "../core/dialogs";
import { element, onClick, one, setPending, setText, show } from "../core/dom";
import { choose, chosen, deviceNews, devicesFor, found, inUse, isAway, PURPOSES, type Purpose } from "./devices";
import { askForMicrophone, microphoneAccess } from "./microphone";
import { chime } from "./ringer";
import {
  canChooseRinger,
  canChooseSpeaker,
  type Level,
  LevelMeter,
  playBack,
  playTestTone,
  recordMe,
} from "./sound-check";

const QUIET = "Say something: the bar moves with your voice.";
const HEARD = "It hears you.";
const SELECTABLE: Record<Purpose, boolean> = { microphone: true, speaker: canChooseSpeaker, ringer: canChooseRinger };

const meter = new LevelMeter();

function dialog(): HTMLDialogElement {
  return one<HTMLDialogElement>("#devices");
}

export function mountDeviceDialog(): void {
  renderOn([found, deviceNews, microphoneAccess, ...PURPOSES.map((purpose) => chosen[purpose])], render);
  for (const purpose of PURPOSES) {
    const select = one<HTMLSelectElement>(`[data-device=${purpose}]`);
    select.addEventListener("change", () =>
      choose(purpose, devicesFor(purpose).find((device) => device.id === select.value) ?? null),
    );
  }
  dialog().addEventListener("close", () => meter.stop());
  inUse.microphone.watch(() => dialog().open && void listen());
  microphoneAccess.watch((now) => dialog().open && now === "granted" && !meter.stream && void listen());
  onClick("[data-open-devices]", openDevices);
  onClick("[data-devices-allow]", () => void allow());
  onClick("[data-test-tone]", (button) => void whilePending(button, playTestTone));
  onClick("[data-test-ring]", chime);
  onClick("[data-record-me]", (button) => void whilePending(button, hearMyself));
}

/** Names of devices come with the permission, so it is asked for first; refused, the speakers can still be tried. */
export function openDevices(): void {
  render();
  openDialog("devices");
  if (microphoneAccess.value === "granted") void listen();
}

function render(): void {
  const may = microphoneAccess.value === "granted";
  for (const purpose of PURPOSES) renderChoice(purpose, may);
  for (const line of document.querySelectorAll("[data-device-news]")) setText(line, deviceNews.value);
  show(one("[data-devices-ask]"), !may);
  show(one("[data-devices-allow]"), microphoneAccess.value === "prompt" || microphoneAccess.value === "unknown");
  setText(one("[data-devices-why]"), why());
  show(one("[data-microphone-check]"), may);
}

function why(): string {
  if (microphoneAccess.value === "denied")
    return "The browser blocks the microphone. Allow it in the site settings beside the address; the names of your devices appear then.";
  if (microphoneAccess.value === "missing")
    return "No microphone found. Plug in your headset: it appears here by itself.";
  return "The browser tells the names of your devices once Everline may use the microphone.";
}

function renderChoice(purpose: Purpose, may: boolean): void {
  const select = one<HTMLSelectElement>(`[data-device=${purpose}]`);
  const devices = devicesFor(purpose);
  const mine = chosen[purpose].value;
  const options: [string, string][] = [
    ["", "System default"],
    ...devices.map((device): [string, string] => [device.id, device.name]),
  ];
  if (mine && !devices.some((device) => device.id === mine.id))
    options.push([mine.id, `${mine.name} (not plugged in)`]);
  const list = JSON.stringify(options);
  if (select.dataset.list !== list) {
    select.dataset.list = list;
    select.replaceChildren(...options.map(([value, name]) => element("option", { value }, name)));
  }
  select.value = mine?.id ?? "";
  select.disabled = !SELECTABLE[purpose] || (!may && !found.value.named);
  const note = one(`[data-device-note=${purpose}]`);
  setText(note, isAway(purpose) ? "Not plugged in: the system default is used until it is back." : "");
  if (!SELECTABLE[purpose]) setText(note, "This browser sounds on the system default only.");
}

async function allow(): Promise<void> {
  // One dialog at a time: the browser's own question comes over ours.
  dialog().close();
  try {
    await askForMicrophone();
  } catch {
    // The dialog itself says why there is none.
  }
  openDevices();
}

async function listen(): Promise<void> {
  const bar = one("[data-level]");
  const words = one("[data-level-words]");
  setText(words, QUIET);
  const measured = ({ share, voice }: Level): void => {
    bar.style.setProperty("--level", String(share));
    bar.setAttribute("aria-valuenow", String(10 * Math.round(10 * share)));
    if (voice) setText(words, HEARD);
  };
  try {
    await meter.start(measured);
  } catch (error) {
    setText(words, reasonFor(error));
  }
}

async function hearMyself(): Promise<void> {
  const label = one("[data-record-words]");
  const usual = label.textContent ?? "";
  if (!meter.stream) return;
  setText(label, "Recording: speak now");
  try {
    const recording = await recordMe(meter.stream);
    setText(label, "Playing it back");
    await playBack(recording);
  } finally {
    setText(label, usual);
  }
}

async function whilePending(button: HTMLElement, act: () => Promise<void>): Promise<void> {
  setPending(button, true);
  await act().catch((error: unknown) => setText(one("[data-devices-message]"), reasonFor(error)));
  setPending(button, false);
}
