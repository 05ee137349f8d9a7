// One SIP call in the browser: answering it, its sound both ways, its end.

import type { RTCSession } from "jssip/lib/RTCSession";
import { closeMicrophone, openMicrophone } from "./microphone";
import { QualityMeter, type Sample } from "./quality";

export type SipStage = "ringing" | "answering" | "talking" | "ended";

/** Asterisk learns every further address from our own probes, so one candidate and a moment for its siblings are enough. */
const SIBLING_CANDIDATES_MS = 80;

export class SipCall {
  stage: SipStage = "ringing";
  #microphone: MediaStream | null = null;
  #meter: QualityMeter | null = null;
  #muted = false;

  constructor(
    private readonly rtc: RTCSession,
    private readonly speaker: HTMLAudioElement,
    private readonly changed: (call: SipCall) => void,
    measured: (sample: Sample) => void,
  ) {
    rtc.on("peerconnection", ({ peerconnection }) => this.#hear(peerconnection));
    rtc.on("icecandidate", readyAtFirstCandidate());
    rtc.on("confirmed", () => {
      this.#meter = new QualityMeter(rtc.connection, measured);
      this.#enter("talking");
    });
    rtc.on("ended", () => this.#finish());
    rtc.on("failed", () => this.#finish());
  }

  /** Picks up. Throws MicrophoneError and keeps ringing when there is no microphone. */
  async answer(): Promise<void> {
    if (this.stage !== "ringing") return;
    this.#enter("answering");
    try {
      this.#take(await openMicrophone());
    } catch (error) {
      if (!this.#over()) this.#enter("ringing");
      throw error;
    }
    if (this.#over() || !this.#microphone) {
      closeMicrophone(this.#microphone);
      return;
    }
    this.rtc.answer({ mediaStream: this.#microphone, pcConfig: { iceServers: [] } });
  }

  /** Goes on with the microphone that is the agent's now; the caller hears no gap but its opening. Throws MicrophoneError. */
  async changeMicrophone(): Promise<void> {
    if (this.stage !== "talking") return;
    const fresh = await openMicrophone();
    const [track] = fresh.getAudioTracks();
    const sender = this.rtc.connection.getSenders().find((one) => one.track === null || one.track.kind === "audio");
    if (this.#over() || !track || !sender) return closeMicrophone(fresh);
    const before = this.#microphone;
    this.#take(fresh);
    await sender.replaceTrack(track);
    closeMicrophone(before);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Keeps a microphone. One that is unplugged ends by itself; whatever is there then takes its place. */
  #take(stream: MediaStream): void {
    this.#microphone = stream;
    for (const track of stream.getAudioTracks()) {
      track.enabled = !this.#muted;
      track.addEventListener("ended", () => void this.changeMicrophone().catch(() => undefined));
    }
  }

  /** Ends the call from our side: busy here while it rings, a plain goodbye later. */
  end(): void {
    if (this.rtc.isEnded()) return;
    this.rtc.terminate(this.rtc.isInProgress() ? { status_code: 486, reason_phrase: "Busy Here" } : {});
  }

  /** The page goes. 410 Gone: nobody has declined what rings. */
  leave(): void {
    if (!this.rtc.isEnded() && this.rtc.isInProgress()) this.rtc.terminate({ status_code: 410, reason_phrase: "Gone" });
    else this.end();
  }

  #over(): boolean {
    return this.stage === "ended";
  }

  #hear(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams, track }) => {
      this.speaker.srcObject = streams[0] ?? new MediaStream([track]);
      // The agent has just clicked Answer, so the browser lets sound start; a refusal is only logged.
      this.speaker.play().catch((error: unknown) => console.warn("remote audio did not start", error));
    });
  }

  /** What the call sounded like, every two seconds. */
  get samples(): readonly Sample[] {
    return this.#meter?.samples ?? [];
  }

  #finish(): void {
    this.#meter?.stop();
    closeMicrophone(this.#microphone);
    this.#microphone = null;
    this.speaker.srcObject = null;
    this.#enter("ended");
  }

  #enter(stage: SipStage): void {
    if (this.#over()) return;
    this.stage = stage;
    this.changed(this);
  }
}

/** Without this JsSIP waits for every candidate, ten seconds where a STUN server is blocked. */
function readyAtFirstCandidate(): (event: { candidate: RTCIceCandidate; ready: () => void }) => void {
  let waiting = false;
  return ({ candidate, ready }) => {
    if (waiting || candidate.protocol !== "udp") return;
    waiting = true;
    setTimeout(ready, SIBLING_CANDIDATES_MS);
  };
}
