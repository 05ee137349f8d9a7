// What the agent does to a call. Each action is pending until the desk shows its effect, and says why when it was refused.
// Ending a call passes everything else: what still waits for the server, or for the line, is given up.

import { Advice, post, Refusal, reasonFor, Unreachable } from "../api/client";
import type { Call, Desk } from "../api/contract";
import type { Link } from "../api/live";
import { Cell } from "../core/cell";
import { askForMicrophone, microphoneAccess } from "../phone/microphone";
import type { Softphone } from "../phone/softphone";
import { answerInPhoneTab } from "../phone/tabs";
import { endWords } from "./end";

export type ActionName = "answer" | "decline" | "hang-up" | "mute" | "wrap-up" | "more-time";
export type ToolName = "hold" | "consult" | "transfer" | "recording" | "hand-over" | "conference" | "cancel";

export interface ActionState {
  pending: ReadonlySet<ActionName | ToolName>;
  /** The wrap-up code that is being given. */
  code: string | null;
  message: string | null;
}

/** Where an agent talks, or could: everything between the answer and the end. */
export const TALKING: ReadonlySet<Call["stage"]> = new Set([
  "connected",
  "held",
  "reaching",
  "consulting",
  "conference",
]);

export function canHangUp(call: Call): boolean {
  return (
    TALKING.has(call.stage) ||
    call.stage === "dialling" ||
    call.stage === "returning" ||
    (call.stage === "offered" && call.type === "manual")
  );
}

/** Whether ending means the third party only: the customer stays. */
export function endsGuestOnly(call: Call): boolean {
  return call.brought_by === null && (call.stage === "reaching" || call.stage === "consulting");
}

const QUIET: ActionState = { pending: new Set(), code: null, message: null };
const ENDING: ReadonlySet<ActionName | ToolName> = new Set(["hang-up", "decline"]);
/** What has done its own work when the call is gone. */
const LEAVING: ReadonlySet<ActionName | ToolName> = new Set([...ENDING, "hand-over", "answer", "wrap-up", "more-time"]);
/** How long the live line may take to tell of an end that has overtaken a press. */
const OVERTAKEN_MS = 3000;
const PATIENCE_MS = 10_000;
/** With a line that is known to be lost, the browser ends the call itself sooner. */
const LOST_PATIENCE_MS = 1500;
const MORE_SECONDS = 30;

export class CallActions {
  readonly state = new Cell<ActionState>(QUIET);
  readonly #patience = new Map<ActionName | ToolName, ReturnType<typeof setTimeout>>();
  #asking: Promise<unknown> = Promise.resolve();
  /** How often the agent has ended something: what was pressed before waits no longer. */
  readonly #endings = new Cell(0);
  /** What was said of a line that was lost; it is not true any more when the line is back. */
  #saidOfLine: string | null = null;
  /** When a press was refused, as the end of its call may be told only then. */
  #refusedAt = -OVERTAKEN_MS;
  /** When the end of a call that goes on was refused. */
  #endRefusedAt = -OVERTAKEN_MS;
  /** The call that this browser ended by itself: the server is told as soon as it can be. */
  #owed: string | null = null;

  constructor(
    private readonly desk: Cell<Desk | null>,
    private readonly phone: Softphone,
    private readonly link: Cell<Link>,
  ) {
    desk.watch((now, before) => {
      this.#settle(now?.call ?? null, before?.call ?? null);
      if (now?.agent.until !== before?.agent.until) this.#done("more-time");
    });
    link.watch((now) => {
      if (!now.up) return;
      if (this.#saidOfLine !== null && this.state.value.message === this.#saidOfLine) this.dismiss();
      void this.#payUp();
    });
    phone.trouble.watch((why) => (why === null ? this.dismiss() : this.say(why)));
    microphoneAccess.watch((now) => now === "granted" && this.#call?.stage === "offered" && this.dismiss());
    phone.stage.watch((now, before) => {
      if (now !== "none" || before !== "answering" || this.#call?.stage !== "offered") return;
      this.#done("answer");
      this.say("The call could not be connected to this browser. It rings again or goes to the next agent.");
    });
  }

  isPending(name: ActionName | ToolName): boolean {
    return this.state.value.pending.has(name);
  }

  /** Whether the agent has ended this call in this browser, and the server does not know yet. */
  hasEnded(call: Call): boolean {
    return this.#owed === call.call_id;
  }

  /** Nothing is pending while the browser asks for the microphone: that may take the agent long, and the call rings on. */
  async answer(): Promise<void> {
    if (this.#call?.stage !== "offered" || this.isPending("answer") || this.isPending("decline")) return;
    if (this.phone.isElsewhere) return this.#run("answer", "offered", () => answerInPhoneTab());
    try {
      if (!(await askForMicrophone()))
        return this.say(
          "Callers hear you through the microphone. The call rings on: press Answer when you can allow it.",
        );
    } catch (error) {
      return this.say(reasonFor(error));
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
        this.state.watch((now) => !now.pending.has("answer") && end(false)),
      ];
    });
  }

  decline(): Promise<void> {
    return this.#run("decline", "offered", (call) => this.#orLocally(call, "decline"));
  }

  /** Ends the talk; in a consultation, that with the third party. */
  hangUp(): Promise<void> {
    const call = this.#call;
    if (!call || !canHangUp(call)) return Promise.resolve();
    if (endsGuestOnly(call)) return this.#run("hang-up", call.stage, () => this.#ask(call, "cancel"));
    return this.#run("hang-up", call.stage, () => this.#orLocally(call, "hang-up"));
  }

  /** Ends the customer's call, also out of a consultation. */
  async endAll(): Promise<void> {
    const before = this.#call;
    if (before && endsGuestOnly(before)) await this.tool("cancel", "cancel");
    const call = this.#call;
    if (call && canHangUp(call) && call.call_id === before?.call_id)
      await this.#run("hang-up", call.stage, () => this.#orLocally(call, "hang-up"));
  }

  /** What a tool under the call bar asks. The server answers when it is done, so there is nothing more to wait for. Gives the refusal, or null. */
  tool(name: ToolName, verb: string, body: object = {}, saidElsewhere = false): Promise<string | null> {
    if (this.isPending(name)) return Promise.resolve(null);
    const seen = this.#call;
    if (!seen) return Promise.resolve("The call is over.");
    this.#begin(name);
    // The page may show the effect of one tool before its answer is here: the next then waits, and is not lost.
    const asked = this.#asking.then(() => this.#askTool(name, verb, body, seen, saidElsewhere));
    this.#asking = asked;
    return asked;
  }

  async #askTool(
    name: ToolName,
    verb: string,
    body: object,
    seen: Call,
    saidElsewhere: boolean,
  ): Promise<string | null> {
    const endings = this.#endings.value;
    try {
      await this.#lineUp();
      if (this.#endings.value !== endings || this.#call?.call_id !== seen.call_id)
        throw new Advice("The call is over.");
      await this.#ask(seen, verb, body);
      this.#done(name);
      return null;
    } catch (error) {
      const reason = this.why(error, seen);
      this.#done(name);
      // Where it was asked for there is nothing more to say of a call that is over.
      if (this.#endings.value === endings && (!saidElsewhere || endWords(this.#call, seen) !== null)) this.say(reason);
      return reason;
    }
  }

  /** Why something was not done to a call; a press that the end of the call has overtaken was refused for that. */
  why(error: unknown, seen: Call): string {
    if (!(error instanceof Refusal)) return reasonFor(error);
    this.#refusedAt = performance.now();
    return endWords(this.#call, seen) ?? reasonFor(error);
  }

  /** While the page knows that its line is lost, a tool is not asked for: it waits for the line, unless the agent ends the call. */
  #lineUp(): Promise<void> {
    if (this.link.value.lostAt === null) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        for (const stop of stops) stop();
        resolve();
      };
      const stops = [this.link.watch((now) => now.up && end()), this.#endings.watch(end)];
    });
  }

  /** Ends the wrap-up, with the code by which the call came out, if there is one. */
  completeWrapUp(code: string | null = null): Promise<void> {
    return this.#run("wrap-up", "wrap_up", (call) => this.#ask(call, "wrap-up/complete", { code }), code);
  }

  moreTime(): Promise<void> {
    return this.#run("more-time", "wrap_up", (call) => this.#ask(call, "wrap-up/extend", { seconds: MORE_SECONDS }));
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
        await this.#ask(call, "mute", { muted });
      } catch (error) {
        if (!(error instanceof Unreachable)) this.phone.setMuted(call.muted);
        throw error;
      }
      this.phone.setMuted(muted);
      if (call.muted === muted || call.brought_by !== null) this.#done("mute");
    });
  }

  dismiss(): void {
    this.state.value = { ...this.state.value, message: null };
  }

  say(message: string): void {
    this.state.value = { ...this.state.value, message };
  }

  get #call(): Call | null {
    return this.desk.value?.call ?? null;
  }

  #ask(call: Call, verb: string, body: object = {}, patience?: number): Promise<unknown> {
    return post(`${address(call)}/${verb}`, { ...body, seen: call.revision }, patience);
  }

  /** Ends the call through the server; when that cannot be reached, the phone itself must do. */
  async #orLocally(call: Call, verb: "decline" | "hang-up"): Promise<void> {
    try {
      await this.#ask(call, verb, {}, this.link.value.lostAt === null ? undefined : LOST_PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (this.phone.stage.value === "none")
        throw new Unreachable("Everline cannot be reached. Use your phone to end the call.");
      if (verb === "hang-up") this.#owed = call.call_id;
      this.phone.end();
      throw new Unreachable("Everline cannot be reached, so this browser ended the call by itself.");
    }
  }

  /** A browser that is silent may be one that was cut off, so the server keeps its customer: it has to hear that the call is over. */
  async #payUp(): Promise<void> {
    const call = this.#call;
    if (this.#owed === null) return;
    if (call?.call_id !== this.#owed || !canHangUp(call)) this.#owed = null;
    else {
      try {
        await this.#ask(call, "hang-up");
      } catch (error) {
        // It is tried again when the line is next back, or the call has moved on.
        this.say(reasonFor(error));
      }
    }
  }

  async #run(
    name: ActionName,
    stage: Call["stage"],
    act: (call: Call) => Promise<unknown>,
    code: string | null = null,
  ): Promise<void> {
    const call = this.#call;
    if (call?.stage !== stage || this.isPending(name)) return;
    if (ENDING.has(name)) this.#giveUpOthers();
    this.#begin(name, code);
    clearTimeout(this.#patience.get(name));
    this.#patience.set(
      name,
      setTimeout(() => this.#done(name) && this.say("Everline has not confirmed this yet. Try again."), PATIENCE_MS),
    );
    try {
      await act(call);
    } catch (error) {
      // A call that was to end and goes on is said also when something else has changed it meanwhile.
      const goesOn = ENDING.has(name) && this.#call?.call_id === call.call_id && canHangUp(this.#call);
      if (!this.#done(name) && !goesOn) return;
      if (goesOn && error instanceof Refusal) this.#endRefusedAt = performance.now();
      this.say(this.why(error, call));
      if (error instanceof Unreachable) this.#saidOfLine = error.message;
    }
  }

  #begin(name: ActionName | ToolName, code: string | null = null): void {
    const pending = new Set(this.state.value.pending).add(name);
    this.state.value = { pending, code: code ?? this.state.value.code, message: null };
  }

  #giveUpOthers(): void {
    for (const timer of this.#patience.values()) clearTimeout(timer);
    this.state.value = QUIET;
    this.#endings.value += 1;
    // What was sent and is not answered holds nothing up any more.
    this.#asking = Promise.resolve();
  }

  /** True when it was still pending. */
  #done(name: ActionName | ToolName): boolean {
    clearTimeout(this.#patience.get(name));
    if (!this.isPending(name)) return false;
    const pending = new Set(this.state.value.pending);
    pending.delete(name);
    this.state.value = { ...this.state.value, pending, code: name === "wrap-up" ? null : this.state.value.code };
    return true;
  }

  /** The desk has the last word: when the call has moved on, no press on it is pending and no refusal is news any more. */
  #settle(now: Call | null, before: Call | null): void {
    const moved = now?.call_id !== before?.call_id || now?.stage !== before?.stage;
    const muteChanged = now?.muted !== before?.muted;
    if (now && (moved || muteChanged)) this.phone.setMuted(now.muted);
    if (muteChanged) this.#done("mute");
    if (!moved) return;
    if (this.#owed !== null) void this.#payUp();
    const isOvertaken =
      performance.now() - this.#refusedAt < OVERTAKEN_MS ||
      [...this.state.value.pending].some((name) => !LEAVING.has(name));
    const end = before && TALKING.has(before.stage) && isOvertaken ? endWords(now, before) : null;
    for (const name of this.state.value.pending) this.#done(name);
    // What has overtaken a hang-up may be told after its refusal, which stays: the agent believes that the call is over.
    const goesOn = now !== null && now.call_id === before?.call_id && canHangUp(now);
    if (end !== null) this.say(end);
    else if (!goesOn || performance.now() - this.#endRefusedAt >= OVERTAKEN_MS) this.dismiss();
  }
}

function address(call: Call): string {
  return `/api/v1/calls/${encodeURIComponent(call.call_id)}`;
}
