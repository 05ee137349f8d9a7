// The ring, made of two soft notes in the page itself: no file to load, and a volume that cannot frighten anyone.

import { Cell } from "../core/cell";
import { recall, remember } from "../core/preferences";
import { inUse } from "./devices";
import { playOn } from "./sound-check";

const PERIOD_MS = 2400;
/** Start in seconds, pitch in hertz: a rising third, twice. */
const NOTES: readonly [number, number][] = [
  [0, 659.3],
  [0.16, 830.6],
  [0.48, 659.3],
  [0.64, 830.6],
];

export const ringOn = new Cell(recall("ring") !== "off");

let context: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

/** Browsers let a page sound only after the agent has touched it; the first touch prepares the ring. */
export function prepareRinger(): void {
  ringOn.watch((on) => {
    remember("ring", on ? "on" : "off");
    if (!on) stopRing();
  });
  inUse.ringer.watch((id) => context && void playOn(context, id));
  const wake = (): void => void audio().resume();
  addEventListener("pointerdown", wake, { once: true });
  addEventListener("keydown", wake, { once: true });
}

export function startRing(): void {
  if (timer !== undefined || !ringOn.value) return;
  chime();
  timer = setInterval(chime, PERIOD_MS);
}

export function stopRing(): void {
  clearInterval(timer);
  timer = undefined;
}

export function chime(): void {
  const sound = audio();
  void sound.resume();
  for (const [start, pitch] of NOTES) note(sound, sound.currentTime + start, pitch);
}

/** One soft note: the microphone is open again. It sounds also where the ring is off. */
export function ping(): void {
  const sound = audio();
  void sound.resume();
  note(sound, sound.currentTime, 523.3);
}

function audio(): AudioContext {
  if (context) return context;
  context = new AudioContext();
  void playOn(context, inUse.ringer.value);
  return context;
}

function note(sound: AudioContext, at: number, pitch: number): void {
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  tone.type = "triangle";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.22, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.42);
  tone.connect(volume).connect(sound.destination);
  tone.start(at);
  tone.stop(at + 0.45);
}
