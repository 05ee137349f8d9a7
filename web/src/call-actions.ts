// What the agent does to a call. Each action is pending until the desk shows its effect, and says why when it was refused.

import { post, Unreachable } from "./api";
import { Cell } from "./cell";
import type { Call, Desk } from "./contract";
import { askForMicrophone, microphoneAccess } from "./microphone";
import type { Link } from "./live";
import type { Softphone } from "./softphone";

export type ActionName = "answer" | "decline" | "hang-up" | "mute" | "wrap-up" | "more-time";
export type ToolName = "hold" | "consult" | "transfer" | "recording" | "hand-over" | "conference" | "cancel";

export interface ActionState {
  pending: ActionName | ToolName | null;
  /** The wrap-up code that is being given. */
  code: string | null;
  message: string | null;
}

/** Where an agent talks, or could: everything between the answer and the end. */
export const TALKING: ReadonlySet<Call["stage"]> = new Set(["connected", "held", "reaching", "consulting", "conference"]);

export function canHangUp(call: Call): boolean {
  return TALKING.has(call.stage) || call.stage === "dialling" || call.stage === "returning" || (call.stage === "offered" && call.type === "manual");
}

const QUIET: ActionState = { pending: null, code: null, message: null };
const PATIENCE_MS = 10_000;
const MORE_SECONDS = 30;

export class CallActions {
  readonly state = new Cell<ActionState>(QUIET);
  #patience: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly desk: Cell<Desk | null>,
    private readonly phone: Softphone,
    private readonly link: Cell<Link>,
  ) {
    desk.watch((now, before) => {
      this.#settle(now?.call ?? null, before?.call ?? null);
      if (this.state.value.pending === "more-time" && now?.agent.until !== before?.agent.until) this.#rest();
    });
    phone.trouble.watch((why) => (why === null ? this.dismiss() : this.#say(why)));
    microphoneAccess.watch((now) => now === "granted" && this.#call?.stage === "offered" && this.dismiss());
    phone.stage.watch((now, before) => {
      if (now === "none" && before === "answering" && this.#call?.stage === "offered") {
        this.#say("The call could not be connected to this browser. It rings again or goes to the next agent.");
      }
    });
  }

  /** Nothing is pending while the browser asks for the microphone: that may take the agent long, and the call rings on. */
  async answer(): Promise<void> {
    if (this.#call?.stage !== "offered" || this.state.value.pending) return;
    try {
      if (!(await askForMicrophone())) return this.#say("Callers hear you through the microphone. The call rings on: press Answer when you can allow it.");
    } catch (error) {
      return this.#say(error instanceof Error ? error.message : String(error));
    }
    await this.#run("answer", "offered", async () => {
      if (await this.#rings()) await this.phone.answer();
    });
  }

  /** The server may tell of a call before it rings here: Answer then waits, and is not lost. False when the wish is of no use any more. */
  #rings(): Promise<boolean> {
    if (this.phone.stage.value !== "none") return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (rings: boolean): void => {
        for (const stop of stops) stop();
        resolve(rings);
      };
      const stops = [
        this.phone.stage.watch((now) => now !== "none" && end(true)),
        this.state.watch((now) => now.pending !== "answer" && end(false)),
      ];
    });
  }

  decline(): Promise<void> {
    return this.#run("decline", "offered", (call) => this.#orLocally(call, "decline"));
  }

  hangUp(): Promise<void> {
    const call = this.#call;
    if (!call || !canHangUp(call)) return Promise.resolve();
    return this.#run("hang-up", call.stage, () => this.#orLocally(call, "hang-up"));
  }

  /** What a tool under the call bar asks. The server answers when it is done, so there is nothing more to wait for. Gives the refusal, or null. */
  tool(name: ToolName, verb: string, body?: unknown): Promise<string | null> {
    // The page may show the effect of one tool before its answer is here: the next then waits, and is not lost.
    if (this.state.value.pending === name) return Promise.resolve(null);
    const asked = this.#asking.then(() => this.#askTool(name, verb, body));
    this.#asking = asked;
    return asked;
  }

  async #askTool(name: ToolName, verb: string, body: unknown): Promise<string | null> {
    const call = this.#call;
    if (!call) return "The call is over.";
    this.state.value = { pending: name, code: null, message: null };
    try {
      await this.#lineUp();
      if (this.#call?.call_id !== call.call_id) throw new Error("The call is over.");
      await post(`${address(call)}/${verb}`, body);
      this.#rest();
      return null;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#say(reason);
      return reason;
    }
  }

  /** While the page knows that its line is lost, nothing is asked: what the agent wants waits for it. */
  #lineUp(): Promise<void> {
    if (this.link.value.lostAt === null) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.link.watch((now) => {
        if (!now.up) return;
        stop();
        resolve();
      });
    });
  }

  /** Ends the wrap-up, with the code by which the call came out, if there is one. */
  completeWrapUp(code: string | null = null): Promise<void> {
    return this.#run("wrap-up", "wrap_up", (call) => post(`${address(call)}/wrap-up/complete`, { code }), code);
  }

  moreTime(): Promise<void> {
    return this.#run("more-time", "wrap_up", (call) => post(`${address(call)}/wrap-up/extend`, { seconds: MORE_SECONDS }));
  }

  /** Silent to the caller when either side of the line is muted. */
  get muted(): boolean {
    return this.phone.muted.value || (this.#call?.muted ?? false);
  }

  /** The microphone obeys at once and the server follows; without the server the microphone alone keeps the agent's wish. */
  async toggleMute(): Promise<void> {
    const muted = !this.muted;
    const stage = this.#call?.stage ?? "connected";
    if (!TALKING.has(stage)) return;
    await this.#run("mute", stage, async (call) => {
      if (muted) this.phone.setMuted(true);
      try {
        await post(`${address(call)}/mute`, { muted });
      } catch (error) {
        if (!(error instanceof Unreachable)) this.phone.setMuted(call.muted);
        throw error;
      }
      this.phone.setMuted(muted);
      if (call.muted === muted || call.brought_by !== null) this.state.value = QUIET;
    });
  }

  dismiss(): void {
    this.state.value = { ...this.state.value, message: null };
  }

  get #call(): Call | null {
    return this.desk.value?.call ?? null;
  }

  /** Ends the call through the server; when that cannot be reached, the phone itself must do. */
  async #orLocally(call: Call, verb: "decline" | "hang-up"): Promise<void> {
    try {
      await post(`${address(call)}/${verb}`);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (this.phone.stage.value === "none") throw new Unreachable("Everline cannot be reached. Use your phone to end the call.");
      this.phone.end();
      throw new Unreachable("Everline cannot be reached, so this browser ended the call by itself.");
    }
  }

  async #run(name: ActionName, stage: Call["stage"], act: (call: Call) => Promise<unknown>, code: string | null = null): Promise<void> {
    const call = this.#call;
    if (call?.stage !== stage || this.state.value.pending) return;
    this.state.value = { pending: name, code, message: null };
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#say("Everline has not confirmed this yet. Try again."), PATIENCE_MS);
    try {
      await act(call);
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
    }
  }

  #say(message: string): void {
    clearTimeout(this.#patience);
    this.state.value = { pending: null, code: null, message };
  }

  #rest(): void {
    clearTimeout(this.#patience);
    this.state.value = QUIET;
  }

  /** The desk has the last word: when the call has moved on, nothing is pending and no refusal is news any more. */
  #settle(now: Call | null, before: Call | null): void {
    const moved = now?.call_id !== before?.call_id || now?.stage !== before?.stage;
    const muteChanged = now?.muted !== before?.muted;
    if (now && (moved || muteChanged)) this.phone.setMuted(now.muted);
    if (!moved && !(muteChanged && this.state.value.pending === "mute")) return;
    this.#rest();
  }
}

function address(call: Call): string {
  return `/api/v1/calls/${encodeURIComponent(call.call_id)}`;
}
