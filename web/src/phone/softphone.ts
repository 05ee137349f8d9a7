// The phone in the browser: registers over our own origin, for ever, and holds at most one call.

import type { UA } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { UAConfiguration } from "jssip/lib/UA";
import { get, Refusal, reasonFor } from "../api/client";
import type { PhoneCredentials } from "../api/contract";
import { Cell } from "../core/cell";
import { inUse } from "./devices";
import { microphoneAccess } from "./microphone";
import type { Sample } from "./quality";
import { SipCall, type SipStage } from "./sip-call";
import { playOn } from "./sound-check";

/** "connecting" is the first attempt of this page; after that a phone without registration is "lost". "elsewhere": another tab is it. */
export type Registration = "off" | "connecting" | "registered" | "lost" | "elsewhere";

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 15_000;

export class Softphone {
  readonly registration = new Cell<Registration>("off");
  readonly stage = new Cell<SipStage | "none">("none");
  readonly muted = new Cell(false);
  /** How the talk sounds now; null without one. */
  readonly quality = new Cell<Sample | null>(null);
  /** How the last talk sounded, from its first to its last second. */
  readonly ended = new Cell<readonly Sample[]>([]);
  /** Why a call that is to be taken by itself could not be: the microphone is missing, or was changed in vain. */
  readonly trouble = new Cell<string | null>(null);
  #agent: UA | null = null;
  #call: SipCall | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #stopped = true;

  /** @param talking whether the server says that a call of ours is connected; a second one is then busy. */
  constructor(
    private readonly speaker: HTMLAudioElement,
    private readonly talking: () => boolean,
  ) {
    inUse.microphone.watch(() => this.#try((call) => call.changeMicrophone()));
    inUse.speaker.watch((id) => void playOn(speaker, id));
    // What failed for want of a microphone is done as soon as there is one.
    microphoneAccess.watch(
      (now) => now === "granted" && this.trouble.value !== null && this.#try((call) => call.answer()),
    );
  }

  /** Fetches this session's SIP secret and registers; keeps trying until `stop`. */
  async start(): Promise<void> {
    this.#stopped = false;
    // A talk in progress needs no registration; ending it for one would be the wrong trade.
    if (this.#call) return this.#startLater();
    this.#drop();
    void playOn(this.speaker, inUse.speaker.value);
    if (this.registration.value === "off" || this.isElsewhere) this.registration.value = "connecting";
    try {
      const credentials = await get<PhoneCredentials>("/api/v1/phone");
      const { UA, WebSocketInterface } = await import("./sip-stack");
      if (this.#stopped) return;
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      const socket = new WebSocketInterface(`${scheme}://${location.host}${credentials.ws_path}`);
      this.#agent = new UA({ sockets: [socket], ...configuration(credentials) });
      this.#follow(this.#agent);
      this.#agent.start();
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return;
      console.warn("the phone did not start and will try again", error);
      this.registration.value = "lost";
      this.#startLater();
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
    this.registration.value = "off";
  }

  /** The page goes: what rings here has not been declined, and is offered anew when the page is back. */
  leave(): void {
    this.#call?.leave();
    this.stop();
  }

  /** Another tab is the phone now. */
  stepAside(): void {
    this.stop();
    this.registration.value = "elsewhere";
  }

  get isElsewhere(): boolean {
    return this.registration.value === "elsewhere";
  }

  /** Picks up the ringing call. Throws MicrophoneError. */
  async answer(): Promise<void> {
    await this.#call?.answer();
  }

  setMuted(muted: boolean): void {
    if (!this.#call) return;
    this.#call.setMuted(muted);
    this.muted.value = muted;
  }

  /** Refuses or ends whatever there is, without the server's help. */
  end(): void {
    this.#call?.end();
  }

  #follow(agent: UA): void {
    agent.on("registered", () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.registration.value = "registered";
    });
    const lose = (): void => {
      if (this.#agent === agent) this.registration.value = "lost";
    };
    agent.on("unregistered", lose);
    agent.on("disconnected", lose);
    // A lost socket heals by itself; a refused registration needs this session's newest secret.
    agent.on("registrationFailed", ({ response }) => {
      lose();
      if (this.#agent === agent && response) this.#startLater();
    });
    agent.on(
      "newRTCSession",
      ({ session, request }: { session: RTCSession; request: { getHeader(name: string): string | undefined } }) => {
        this.#ring(session);
        // The agent has asked for this call, or was cut off from it: it is taken without ringing.
        if (request.getHeader("X-Everline-Answer") === "yes") this.#try((call) => call.answer());
      },
    );
  }

  #try(act: (call: SipCall) => Promise<void>): void {
    if (!this.#call) return;
    act(this.#call)
      .then(() => (this.trouble.value = null))
      .catch((error: unknown) => (this.trouble.value = reasonFor(error)));
  }

  #ring(session: RTCSession): void {
    const incoming = new SipCall(
      session,
      this.speaker,
      (call) => this.#changed(call),
      (sample) => (this.quality.value = sample),
    );
    if (this.#call && this.talking()) {
      incoming.end();
      return;
    }
    this.#call?.end();
    this.#call = incoming;
    this.stage.value = incoming.stage;
  }

  #changed(call: SipCall): void {
    if (call !== this.#call) return;
    if (call.stage === "ended") {
      this.#call = null;
      this.trouble.value = null;
      this.muted.value = false;
      this.quality.value = null;
      if (call.samples.length > 0) this.ended.value = call.samples;
    }
    this.stage.value = call.stage === "ended" ? "none" : call.stage;
  }

  #startLater(): void {
    if (this.#stopped) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.start(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #drop(): void {
    clearTimeout(this.#retry);
    const agent = this.#agent;
    this.#agent = null;
    this.#call?.end();
    agent?.stop();
  }
}

function configuration(credentials: PhoneCredentials): Omit<UAConfiguration, "sockets"> {
  return {
    uri: credentials.uri,
    authorization_user: credentials.username,
    ha1: credentials.ha1,
    realm: credentials.realm,
    register_expires: 120,
    // The server decides how long a call rings and lasts; the page keeps no such timer.
    no_answer_timeout: 3600,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
    user_agent: "Everline",
  };
}
