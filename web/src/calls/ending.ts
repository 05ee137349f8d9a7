// Ends a call also when the server cannot be reached: then the phone does, and the server hears of it later.

import { post, reasonFor, Unreachable } from "../api/client";
import type { Call } from "../api/contract";
import type { Link } from "../api/live";
import type { Cell } from "../core/cell";
import type { Softphone } from "../phone/softphone";
import { canHangUp } from "./rules";

/** With a line that is known to be lost, the browser ends the call itself sooner. */
const LOST_PATIENCE_MS = 1500;

/** Asks the server for something that is to be done to a call, as it was seen. */
export function ask(call: Call, verb: string, body: object = {}, patience?: number): Promise<unknown> {
  const path = `/api/v1/calls/${encodeURIComponent(call.call_id)}/${verb}`;
  return post(path, { ...body, seen: call.revision }, patience);
}

export class Ending {
  /** The call that this browser ended by itself: the server is told as soon as it can be. */
  #owed: string | null = null;

  constructor(
    private readonly phone: Softphone,
    private readonly link: Cell<Link>,
  ) {}

  /** Whether the agent has ended this call in this browser, and the server does not know yet. */
  has(call: Call): boolean {
    return this.#owed === call.call_id;
  }

  /** Ends the call through the server; when that cannot be reached, the phone itself must do. */
  async end(call: Call, verb: "decline" | "hang-up"): Promise<void> {
    try {
      await ask(call, verb, {}, this.link.value.lostAt === null ? undefined : LOST_PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      if (this.phone.stage.value === "none")
        throw new Unreachable("Everline cannot be reached. Use your phone to end the call.");
      if (verb === "hang-up") this.#owed = call.call_id;
      this.phone.end();
      throw new Unreachable("Everline cannot be reached, so this browser ended the call by itself.");
    }
  }

  /** A browser that is silent may be one that was cut off, so the server keeps its customer: it has to hear that the call is over. Gives why that failed, or null. */
  async tell(call: Call | null): Promise<string | null> {
    if (this.#owed === null) return null;
    if (call?.call_id !== this.#owed || !canHangUp(call)) {
      this.#owed = null;
      return null;
    }
    try {
      await ask(call, "hang-up");
      return null;
    } catch (error) {
      // It is tried again when the line is next back, or the call has moved on.
      return reasonFor(error);
    }
  }
}
