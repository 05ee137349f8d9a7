// Trying the devices: how loud the microphone is, a tone on a speaker, and hearing oneself.

import { inUse } from "./devices";
import { closeMicrophone, openMicrophone } from "./microphone";

const EVERY_MS = 80;
/** A voice near a microphone is above this; the noise of a room is below. Root mean square of samples from -1 to 1. */
const VOICE = 0.015;
const TONE_HZ = [523.3, 659.3, 784];
const TONE_SECONDS = 0.45;
const RECORD_MS = 4000;

export interface Level {
  /** From 0 to 1, by ear: half is a calm voice. */
  share: number;
  voice: boolean;
}

/** Listens to the chosen microphone until it is stopped. */
export class LevelMeter {
  #stream: MediaStream | null = null;
  #sound: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #turn = 0;

  /** Begins, or begins anew with another microphone. Throws MicrophoneError. */
  async start(measured: (level: Level) => void): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const stream = await openMicrophone();
    if (turn !== this.#turn) return closeMicrophone(stream);
    this.#stream = stream;
    this.#sound = new AudioContext();
    const ear = this.#sound.createAnalyser();
    this.#sound.createMediaStreamSource(stream).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    this.#timer = setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      measured(levelOf(samples));
    }, EVERY_MS);
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  stop(): void {
    this.#turn += 1;
    clearInterval(this.#timer);
    void this.#sound?.close();
    this.#sound = null;
    closeMicrophone(this.#stream);
    this.#stream = null;
  }
}

function levelOf(samples: Float32Array): Level {
  const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return { share: Math.min(1, Math.sqrt(loudness) * 1.6), voice: loudness > VOICE };
}

/** Whether this browser lets a page choose where it sounds. */
export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
export const canChooseRinger = "setSinkId" in AudioContext.prototype;

type Sink = { setSinkId?: (id: string) => Promise<void> };

/** Lets an element or a sound graph play on a device; on the standard one where that device has just gone. */
export async function playOn(target: HTMLMediaElement | AudioContext, id: string): Promise<void> {
  const sink = target as Sink;
  await sink.setSinkId?.(id).catch(() => sink.setSinkId?.(""));
}

/** Three rising notes on the speaker of the calls. */
export async function playTestTone(): Promise<void> {
  const sound = new AudioContext();
  await playOn(sound, inUse.speaker.value);
  await sound.resume();
  TONE_HZ.forEach((pitch, at) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const start = sound.currentTime + at * TONE_SECONDS;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.25, start + 0.02);
    volume.gain.linearRampToValueAtTime(0, start + TONE_SECONDS);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  });
  await new Promise((resolve) => setTimeout(resolve, TONE_HZ.length * TONE_SECONDS * 1000));
  await sound.close();
}

/** Records a few seconds of the microphone; the recording never leaves the page. */
export async function recordMe(stream: MediaStream): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  const ended = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  setTimeout(() => recorder.state !== "inactive" && recorder.stop(), RECORD_MS);
  await ended;
  return new Blob(parts, { type: recorder.mimeType });
}

/** Plays a recording on the speaker of the calls, to its end. */
export async function playBack(recording: Blob): Promise<void> {
  const player = new Audio(URL.createObjectURL(recording));
  await playOn(player, inUse.speaker.value);
  const ended = new Promise((resolve) => {
    player.addEventListener("ended", resolve, { once: true });
    player.addEventListener("error", resolve, { once: true });
  });
  await player.play();
  await ended;
  URL.revokeObjectURL(player.src);
}
