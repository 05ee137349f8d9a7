// How well a call sounds: measured in this browser while it lasts, shown as good or poor, told to the server when it is over.

import { post } from "../api/client";
import type { Desk } from "../api/contract";
import { type Cell, renderOn } from "../core/cell";
import { one, setIcon, setText, show } from "../core/dom";

export interface Sample {
  jitterMs: number;
  /** Share of the packets of the last seconds that never came. */
  loss: number;
  roundTripMs: number | null;
}

/** Beyond these a talk suffers: ITU-T G.114 asks for at most 150 ms one way; jitter and loss as G.711 with concealment bears them. */
const POOR = { jitterMs: 30, loss: 0.03, roundTripMs: 300 };
const EVERY_MS = 2000;

export function isPoor(sample: Sample): boolean {
  return sample.jitterMs > POOR.jitterMs || sample.loss > POOR.loss || (sample.roundTripMs ?? 0) > POOR.roundTripMs;
}

/** Measures a connection every two seconds until it is stopped. */
export class QualityMeter {
  readonly samples: Sample[] = [];
  #timer: ReturnType<typeof setInterval>;
  #received = 0;
  #lost = 0;

  constructor(
    private readonly connection: RTCPeerConnection,
    private readonly measured: (sample: Sample) => void,
  ) {
    this.#timer = setInterval(() => void this.#measure(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #measure(): Promise<void> {
    const found: Record<string, unknown>[] = [];
    (await this.connection.getStats()).forEach((entry: Record<string, unknown>) => {
      found.push(entry);
    });
    const sound = found.find((entry) => entry.type === "inbound-rtp" && entry.kind === "audio");
    if (!sound) return;
    const received = Number(sound.packetsReceived ?? 0);
    const lost = Number(sound.packetsLost ?? 0);
    const came = received - this.#received;
    const missing = Math.max(0, lost - this.#lost);
    [this.#received, this.#lost] = [received, lost];
    if (came + missing <= 0) return;
    const sample = {
      jitterMs: 1000 * Number(sound.jitter ?? 0),
      loss: missing / (came + missing),
      roundTripMs: roundTrip(found),
    };
    this.samples.push(sample);
    this.measured(sample);
  }
}

function roundTrip(found: readonly Record<string, unknown>[]): number | null {
  const told = found.find(
    (entry) => entry.type === "remote-inbound-rtp" && entry.roundTripTime !== undefined,
  )?.roundTripTime;
  const paired = found.find(
    (entry) => entry.type === "candidate-pair" && entry.nominated === true,
  )?.currentRoundTripTime;
  const seconds = told ?? paired;
  return typeof seconds === "number" ? 1000 * seconds : null;
}

/** What a call was like on the whole, as the server keeps it. */
export function summary(samples: readonly Sample[]): {
  jitter_ms: number;
  loss: number;
  round_trip_ms: number | null;
  samples: number;
} {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const trips = samples.flatMap((sample) => (sample.roundTripMs === null ? [] : [sample.roundTripMs]));
  return {
    jitter_ms: mean(samples.map((sample) => sample.jitterMs)),
    loss: mean(samples.map((sample) => sample.loss)),
    round_trip_ms: trips.length ? mean(trips) : null,
    samples: samples.length,
  };
}

/** The mark in the call bar, and the report when the sound has ended. */
export function mountQuality(
  desk: Cell<Desk | null>,
  current: Cell<Sample | null>,
  ended: Cell<readonly Sample[]>,
): void {
  let call: string | null = null;
  renderOn([desk, current], () => {
    const sample = current.value;
    if (sample && desk.value?.call) call = desk.value.call.call_id;
    const mark = one("[data-mark-quality]");
    const poor = sample !== null && isPoor(sample);
    // A line that is good is no news.
    show(mark, poor && desk.value?.call != null);
    if (!sample) return;
    mark.dataset.value = poor ? "poor" : "good";
    mark.classList.toggle("chip-warn", poor);
    setIcon(mark, poor ? "alert" : "sound");
    setText(one("[data-quality-word]", mark), poor ? "Poor line" : "Good line");
    const trip = sample.roundTripMs === null ? "" : `, round trip ${Math.round(sample.roundTripMs)} ms`;
    mark.title = `Jitter ${Math.round(sample.jitterMs)} ms, ${(100 * sample.loss).toFixed(1)} % lost${trip}`;
  });
  ended.watch((samples) => {
    if (call === null || samples.length === 0) return;
    // What it was like is worth no message when it cannot be told.
    void post(`/api/v1/calls/${encodeURIComponent(call)}/quality`, summary(samples)).catch(() => undefined);
    call = null;
  });
}
