// A list that is fetched and not told live: its value, why it could not be had, and the line of the panel that says so.

import { Cell } from "../core/cell";
import { maybe, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { get, reasonFor } from "./client";

export class Fetched<T> {
  readonly value = new Cell<T | null>(null);
  readonly failure = new Cell<string | null>(null);
  #asked = 0;

  /** @param name of the panel's error line, whose button tries again. */
  constructor(
    private readonly scope: Scope,
    readonly name: string,
    private path: string,
  ) {
    scope.onClick(`[data-retry="${name}"]`, () => void this.load());
  }

  /** Fetches anew, from another address if one is given. An answer that a later question has overtaken, or that comes after the page was left, is dropped. */
  async load(path = this.path): Promise<void> {
    this.path = path;
    this.#asked += 1;
    const turn = this.#asked;
    try {
      const value = await get<T>(path);
      if (turn !== this.#asked || this.scope.isOver) return;
      this.failure.value = null;
      this.value.value = value;
    } catch (error) {
      if (turn === this.#asked && !this.scope.isOver) this.failure.value = reasonFor(error);
    }
  }

  /** Shows, or hides, the panel's error line. What was known before stays. */
  renderFailure(): void {
    const line = maybe(`[data-failed="${this.name}"]`, this.scope.root);
    if (!line) return;
    show(line, this.failure.value !== null);
    setText(line.querySelector("[data-failed-why]") ?? line, this.failure.value ?? "");
  }
}
