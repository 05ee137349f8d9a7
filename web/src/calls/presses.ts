// What was pressed and waits for the server, and what is said of it. Each press is pending by itself, and not for ever.

import { Cell } from "../core/cell";

export type ActionName = "answer" | "decline" | "hang-up" | "mute" | "wrap-up" | "more-time";
export type ToolName = "hold" | "consult" | "transfer" | "recording" | "hand-over" | "conference" | "cancel";
export type PressName = ActionName | ToolName;

export interface ActionState {
  pending: ReadonlySet<PressName>;
  /** The wrap-up code that is being given. */
  code: string | null;
  message: string | null;
}

const QUIET: ActionState = { pending: new Set(), code: null, message: null };
const PATIENCE_MS = 10_000;

export class Presses {
  readonly state = new Cell<ActionState>(QUIET);
  readonly #patience = new Map<PressName, ReturnType<typeof setTimeout>>();

  get pending(): ReadonlySet<PressName> {
    return this.state.value.pending;
  }

  isPending(name: PressName): boolean {
    return this.pending.has(name);
  }

  begin(name: PressName, code: string | null = null): void {
    const pending = new Set(this.pending).add(name);
    this.state.value = { pending, code: code ?? this.state.value.code, message: null };
  }

  /** Says so when the desk does not show the effect in time, and lets it be pressed again. */
  expectSoon(name: PressName): void {
    clearTimeout(this.#patience.get(name));
    this.#patience.set(
      name,
      setTimeout(() => this.done(name) && this.say("Everline has not confirmed this yet. Try again."), PATIENCE_MS),
    );
  }

  /** True when it was still pending. */
  done(name: PressName): boolean {
    clearTimeout(this.#patience.get(name));
    if (!this.isPending(name)) return false;
    const pending = new Set(this.pending);
    pending.delete(name);
    this.state.value = { ...this.state.value, pending, code: name === "wrap-up" ? null : this.state.value.code };
    return true;
  }

  giveUpAll(): void {
    for (const timer of this.#patience.values()) clearTimeout(timer);
    this.state.value = QUIET;
  }

  dismiss(): void {
    this.state.value = { ...this.state.value, message: null };
  }

  say(message: string): void {
    this.state.value = { ...this.state.value, message };
  }
}
