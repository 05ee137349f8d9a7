// What the agent does to a call. Each action is pending until the desk shows its effect, and says why when it was refused.
// Ending a call passes everything else: what still waits for the server, or for the line, is given up.

import { Advice, Refusal, reasonFor, Unreachable } from "../api/client";
import type { Call, Desk } from "../api/contract";
import type { Link } from "../api/live";
import { Cell } from "../core/cell";
import { askForMicrophone, microphoneAccess } from "../phone/microphone";
import type { Softphone } from "../phone/softphone";
import { answerInPhoneTab } from "../phone/tabs";
import { endWords } from "./end";
import { ask, Ending } from "./ending";
import { type ActionName, Presses, type PressName, type ToolName } from "./presses";
import { canHangUp, endsGuestOnly, TALKING } from "./rules";

const ENDING: ReadonlySet<PressName> = new Set(["hang-up", "decline"]);
/** What has done its own work when the call is gone. */
const LEAVING: ReadonlySet<PressName> = new Set([...ENDING, "hand-over", "answer", "wrap-up", "more-time"]);
/** How long the live line may take to tell of an end that has overtaken a press. */
const OVERTAKEN_MS = 3000;
const MORE_SECONDS = 30;

export class CallActions {
  readonly #presses = new Presses();
  readonly state = this.#presses.state;
  readonly #ending: Ending;
  #asking: Promise<unknown> = Promise.resolve();
  /** How often the agent has ended something: what was pressed before waits no longer. */
  readonly #endings = new Cell(0);
  /** What was said of a line that was lost; it is not true any more when the line is back. */
  #saidOfLine: string | null = null;
  /** When a press was refused, as the end of its call may be told only then. */
  #refusedAt = -OVERTAKEN_MS;
  /** When the end of a call that goes on was refused. */
  #endRefusedAt = -OVERTAKEN_MS;

  constructor(
    private readonly desk: Cell<Desk | null>,
    private readonly phone: Softphone,
    private readonly link: Cell<Link>,
  ) {
    this.#ending = new Ending(phone, link);
    desk.watch((now, before) => {
      this.#settle(now?.call ?? null, before?.call ?? null);
      if (now?.agent.until !== before?.agent.until) this.#presses.done("more-time");
    });
    link.watch((now) => {
      if (!now.up) return;
      if (this.#saidOfLine !== null && this.state.value.message === this.#saidOfLine) this.dismiss();
      void this.#tellOfEnd();
    });
    phone.trouble.watch((why) => (why === null ? this.dismiss() : this.say(why)));
    microphoneAccess.watch((now) => now === "granted" && this.#call?.stage === "offered" && this.dismiss());
    phone.stage.watch((now, before) => {
      if (now !== "none" || before !== "answering" || this.#call?.stage !== "offered") return;
      this.#presses.done("answer");
      this.say("The call could not be connected to this browser. It rings again or goes to the next agent.");
    });
  }

  isPending(name: PressName): boolean {
    return this.#presses.isPending(name);
  }

  /** Whether the agent has ended this call in this browser, and the server does not know yet. */
  hasEnded(call: Call): boolean {
    return this.#ending.has(call);
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
    return this.#run("decline", "offered", (call) => this.#ending.end(call, "decline"));
  }

  /** Ends the talk; in a consultation, that with the third party. */
  hangUp(): Promise<void> {
    const call = this.#call;
    if (!call || !canHangUp(call)) return Promise.resolve();
    if (endsGuestOnly(call)) return this.#run("hang-up", call.stage, () => ask(call, "cancel"));
    return this.#run("hang-up", call.stage, () => this.#ending.end(call, "hang-up"));
  }

  /** Ends the customer's call, also out of a consultation. */
  async endAll(): Promise<void> {
    const before = this.#call;
    if (before && endsGuestOnly(before)) await this.tool("cancel", "cancel");
    const call = this.#call;
    if (call && canHangUp(call) && call.call_id === before?.call_id)
      await this.#run("hang-up", call.stage, () => this.#ending.end(call, "hang-up"));
  }

  /** What a tool under the call bar asks. The server answers when it is done, so there is nothing more to wait for. Gives the refusal, or null. */
  tool(name: ToolName, verb: string, body: object = {}, saidElsewhere = false): Promise<string | null> {
    if (this.isPending(name)) return Promise.resolve(null);
    const seen = this.#call;
    if (!seen) return Promise.resolve("The call is over.");
    this.#presses.begin(name);
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
      await ask(seen, verb, body);
      this.#presses.done(name);
      return null;
    } catch (error) {
      const reason = this.why(error, seen);
      this.#presses.done(name);
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
    return this.#run("wrap-up", "wrap_up", (call) => ask(call, "wrap-up/complete", { code }), code);
  }

  moreTime(): Promise<void> {
    return this.#run("more-time", "wrap_up", (call) => ask(call, "wrap-up/extend", { seconds: MORE_SECONDS }));
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
        await ask(call, "mute", { muted });
      } catch (error) {
        if (!(error instanceof Unreachable)) this.phone.setMuted(call.muted);
        throw error;
      }
      this.phone.setMuted(muted);
      if (call.muted === muted || call.brought_by !== null) this.#presses.done("mute");
    });
  }

  dismiss(): void {
    this.#presses.dismiss();
  }

  say(message: string): void {
    this.#presses.say(message);
  }

  get #call(): Call | null {
    return this.desk.value?.call ?? null;
  }

  async #tellOfEnd(): Promise<void> {
    const failure = await this.#ending.tell(this.#call);
    if (failure !== null) this.say(failure);
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
    this.#presses.begin(name, code);
    this.#presses.expectSoon(name);
    try {
      await act(call);
    } catch (error) {
      // A call that was to end and goes on is said also when something else has changed it meanwhile.
      const goesOn = ENDING.has(name) && this.#call?.call_id === call.call_id && canHangUp(this.#call);
      if (!this.#presses.done(name) && !goesOn) return;
      if (goesOn && error instanceof Refusal) this.#endRefusedAt = performance.now();
      this.say(this.why(error, call));
      if (error instanceof Unreachable) this.#saidOfLine = error.message;
    }
  }

  #giveUpOthers(): void {
    this.#presses.giveUpAll();
    this.#endings.value += 1;
    // What was sent and is not answered holds nothing up any more.
    this.#asking = Promise.resolve();
  }

  /** The desk has the last word: when the call has moved on, no press on it is pending and no refusal is news any more. */
  #settle(now: Call | null, before: Call | null): void {
    const moved = now?.call_id !== before?.call_id || now?.stage !== before?.stage;
    const muteChanged = now?.muted !== before?.muted;
    if (now && (moved || muteChanged)) this.phone.setMuted(now.muted);
    if (muteChanged) this.#presses.done("mute");
    if (!moved) return;
    void this.#tellOfEnd();
    const isOvertaken =
      performance.now() - this.#refusedAt < OVERTAKEN_MS ||
      [...this.state.value.pending].some((name) => !LEAVING.has(name));
    const end = before && TALKING.has(before.stage) && isOvertaken ? endWords(now, before) : null;
    for (const name of this.state.value.pending) this.#presses.done(name);
    // What has overtaken a hang-up may be told after its refusal, which stays: the agent believes that the call is over.
    const goesOn = now !== null && now.call_id === before?.call_id && canHangUp(now);
    if (end !== null) this.say(end);
    else if (!goesOn || performance.now() - this.#endRefusedAt >= OVERTAKEN_MS) this.dismiss();
  }
}
