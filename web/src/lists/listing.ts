// A list of which the server gives one part after the other: fetched anew when something changes, longer when asked.

import { get, reasonFor } from "../api/client";
import { Cell } from "../core/cell";
import type { Scope } from "../core/scope";
import { t } from "../texts/texts";

export interface Part<T> {
  items: readonly T[];
  /** The mark of the next part. */
  next: string | null;
  /** How many there are in all, up to a limit; null when that was not looked for, or is not known. */
  count: number | null;
}

const PART = 50;
/** No part is longer, whatever the list. */
const LONGEST = 100;
/** The server counts most lists no further. */
const COUNTED = 1000;

export class Listing<T> {
  readonly value = new Cell<Part<T> | null>(null);
  readonly failure = new Cell<string | null>(null);
  readonly isGrowing = new Cell(false);
  #filters: Record<string, string> = {};
  #asked = 0;

  /** @param mark how the list calls the mark of a part. */
  constructor(
    private readonly scope: Scope,
    readonly name: string,
    private readonly path: string,
    private readonly mark: "after" | "before",
  ) {
    scope.onClick(`[data-retry="${name}"]`, () => void this.load());
    scope.onClick(`[data-more="${name}"]`, () => void this.more());
  }

  get cells(): Cell<unknown>[] {
    return [this.value, this.failure, this.isGrowing] as Cell<unknown>[];
  }

  /** From the beginning, as far as it is shown. Other filters begin a list of their own; what was known stays until it is there. */
  async load(filters: Record<string, string> = this.#filters): Promise<void> {
    const shown = filters === this.#filters ? (this.value.value?.items.length ?? 0) : 0;
    this.#filters = filters;
    await this.#ask({ ...filters, limit: String(Math.min(LONGEST, Math.max(PART, shown))) }, (part) => part);
  }

  async more(): Promise<void> {
    const known = this.value.value;
    if (!known?.next || this.isGrowing.value) return;
    this.isGrowing.value = true;
    await this.#ask({ ...this.#filters, limit: String(PART), [this.mark]: known.next }, (part) => ({
      ...part,
      items: [...known.items, ...part.items],
      count: part.count ?? known.count,
    }));
    this.isGrowing.value = false;
  }

  /** Only the last answer counts: an earlier question may be answered later. */
  async #ask(query: Record<string, string>, grown: (part: Part<T>) => Part<T>): Promise<void> {
    this.#asked += 1;
    const turn = this.#asked;
    try {
      const wanted = Object.entries(query).filter(([, value]) => value !== "");
      const part = await get<Part<T>>(`${this.path}?${new URLSearchParams(wanted)}`);
      if (turn !== this.#asked || this.scope.isOver) return;
      this.failure.value = null;
      this.value.value = grown(part);
    } catch (error) {
      if (turn === this.#asked && !this.scope.isOver) this.failure.value = reasonFor(error);
    }
  }
}

/** "No users", "1 user", "14 users", "1,000 users or more". `most` is where the server stops. */
export function countWords(what: "calls" | "users" | "voicemails", count: number, most = COUNTED): string {
  if (count === 0) return t(`${what}.count.none`);
  return count >= most ? t(`${what}.count.orMore`, { count }) : t(`${what}.count`, { count });
}
