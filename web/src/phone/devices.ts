// Microphones and speakers: what is plugged in, what the agent chose in this browser, and what is used while that is away.

import { Cell } from "../core/cell";
import { recall, remember } from "../core/preferences";

export type Purpose = "microphone" | "speaker" | "ringer";

export interface Device {
  id: string;
  name: string;
}

export interface Found {
  /** False until the browser has been asked once. */
  looked: boolean;
  /** Browsers tell names only to a page that may use the microphone. */
  named: boolean;
  microphones: readonly Device[];
  speakers: readonly Device[];
}

export const PURPOSES: readonly Purpose[] = ["microphone", "speaker", "ringer"];
const WORDS: Record<Purpose, string> = { microphone: "microphone", speaker: "speaker", ringer: "ringing device" };
/** Chromium lists the system's choice a second time under these. */
const ALIASES = ["default", "communications"];
const NEWS_MS = 12_000;

export const found = new Cell<Found>({ looked: false, named: false, microphones: [], speakers: [] });
/** What was plugged in or out, as a sentence; empty when that is old. */
export const deviceNews = new Cell("");

/** What the agent chose; null is the system default. */
export const chosen: Record<Purpose, Cell<Device | null>> = {
  microphone: new Cell(stored("microphone")),
  speaker: new Cell(stored("speaker")),
  ringer: new Cell(stored("ringer")),
};

/** The id of the device that is used: empty for the standard, also while the chosen one is away. */
export const inUse: Record<Purpose, Cell<string>> = {
  microphone: new Cell(chosen.microphone.value?.id ?? ""),
  speaker: new Cell(chosen.speaker.value?.id ?? ""),
  ringer: new Cell(chosen.ringer.value?.id ?? ""),
};

let newsTimer: ReturnType<typeof setTimeout> | undefined;

/** Looks now and whenever something is plugged in or out. */
export function watchDevices(): void {
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.addEventListener("devicechange", () => void lookForDevices());
  void lookForDevices();
}

export async function lookForDevices(): Promise<void> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind): Device[] =>
    all
      .filter((device) => device.kind === kind && !ALIASES.includes(device.deviceId))
      .map((device, at) => ({
        id: device.deviceId,
        name: device.label || `${kind === "audioinput" ? "Microphone" : "Speaker"} ${at + 1}`,
      }));
  const before = found.value;
  const named = all.some((device) => device.kind === "audioinput" && device.label !== "");
  found.value = { looked: true, named, microphones: of("audioinput"), speakers: of("audiooutput") };
  tell(changes(before, found.value));
  settle();
}

/** Remembers the choice in this browser; it is used at once. */
export function choose(purpose: Purpose, device: Device | null): void {
  chosen[purpose].value = device;
  remember(purpose, device ? JSON.stringify(device) : "");
  settle();
}

export function devicesFor(purpose: Purpose): readonly Device[] {
  return purpose === "microphone" ? found.value.microphones : found.value.speakers;
}

/** Whether the chosen device is known not to be plugged in. */
export function isAway(purpose: Purpose, among: Found = found.value): boolean {
  const device = chosen[purpose].value;
  const there = purpose === "microphone" ? among.microphones : among.speakers;
  return device !== null && among.named && !there.some((one) => one.id === device.id);
}

function settle(): void {
  for (const purpose of PURPOSES) inUse[purpose].value = isAway(purpose) ? "" : (chosen[purpose].value?.id ?? "");
}

function changes(before: Found, now: Found): string[] {
  const away = PURPOSES.filter((purpose) => isAway(purpose, now) && !isAway(purpose, before));
  const lost = away.map(
    (purpose) =>
      `${chosen[purpose].value?.name} is not plugged in: the system's standard is your ${WORDS[purpose]} now.`,
  );
  if (!before.named) return lost;
  const back = PURPOSES.filter((purpose) => isAway(purpose, before) && !isAway(purpose, now) && chosen[purpose].value);
  const returned = back.map((purpose) => `${chosen[purpose].value?.name} is back, and your ${WORDS[purpose]} again.`);
  const told = new Set([...away, ...back].map((purpose) => chosen[purpose].value?.name));
  const [old, fresh] = [names(before), names(now)];
  const came = [...fresh].filter((name) => !old.has(name) && !told.has(name)).map((name) => `${name} was plugged in.`);
  const went = [...old].filter((name) => !fresh.has(name) && !told.has(name)).map((name) => `${name} was unplugged.`);
  return [...lost, ...returned, ...came, ...went];
}

function names(among: Found): Set<string> {
  return new Set(among.named ? [...among.microphones, ...among.speakers].map((device) => device.name) : []);
}

function tell(sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  deviceNews.value = sentences.join(" ");
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => (deviceNews.value = ""), NEWS_MS);
}

function stored(purpose: Purpose): Device | null {
  try {
    const device = JSON.parse(recall(purpose) || "null") as Partial<Device> | null;
    return device && typeof device.id === "string" && typeof device.name === "string"
      ? { id: device.id, name: device.name }
      : null;
  } catch {
    return null;
  }
}
