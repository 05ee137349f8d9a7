// The live line to the server: the desk first, then events that each replace a slice of it.
// A broken stream is opened again for ever, and starts from a fresh desk, so nothing is missed whatever happened meanwhile.

import type { Cell } from "../core/cell";
import { syncClock } from "../core/clock";
import { get, Refusal } from "./client";
import type { Desk } from "./contract";
import { CHANGES, type Change, changed } from "./slices";

export interface Link {
  up: boolean;
  /** When the line was lost, in milliseconds of this machine's clock. */
  lostAt: number | null;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
/** The server beats every 10 s; a stream silent for longer than this is dead, whatever the browser believes. */
const SILENCE_MS = 25_000;

export class LiveLine {
  #stream: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(
    private readonly desk: Cell<Desk | null>,
    private readonly link: Cell<Link>,
    private readonly replaced: () => void,
  ) {}

  start(): void {
    addEventListener("online", () => this.#lost(true));
    void this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#close();
  }

  async #open(): Promise<void> {
    this.#close();
    try {
      const sentAt = Date.now();
      const desk = await get<Desk>("/api/v1/desk");
      if (this.#stopped) return;
      syncClock(desk.server_time, sentAt);
      this.desk.value = desk;
      this.#listen(desk.cursor);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return;
      this.#lost();
    }
  }

  #listen(cursor: string): void {
    const stream = new EventSource(`/api/v1/events?after=${encodeURIComponent(cursor)}`);
    this.#stream = stream;
    stream.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.link.value = { up: true, lostAt: null };
    };
    stream.onerror = () => this.#lost();
    for (const event of CHANGES) {
      stream.addEventListener(event, ({ data }: MessageEvent<string>) => this.#apply(event, data));
    }
    stream.addEventListener("heartbeat", () => this.#heard());
    stream.addEventListener("session-replaced", () => this.replaced());
  }

  #apply(event: Change["event"], text: string): void {
    const desk = this.desk.value;
    if (desk) this.desk.value = changed(desk, { event, data: JSON.parse(text) } as Change);
  }

  /** Armed by the first beat, so that a server without beats is not taken for a dead one. */
  #heard(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lost(true), SILENCE_MS);
  }

  #lost(atOnce = false): void {
    if (this.#stopped) return;
    this.#close();
    if (this.link.value.lostAt === null) this.link.value = { up: false, lostAt: Date.now() };
    const wait = atOnce ? 0 : this.#retryMs * (0.75 + Math.random() / 2);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    this.#retry = setTimeout(() => void this.#open(), wait);
  }

  #close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#stream?.close();
    this.#stream = null;
  }
}
