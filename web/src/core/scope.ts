// What a page has begun, and what ends all together when the page is left: watchers, listeners, timers.

import { type Cell, renderOn, type Watched } from "./cell";
import { onClick } from "./dom";

export class Scope {
  readonly #leaving = new AbortController();

  /** @param root the element into which the page is drawn. */
  constructor(readonly root: HTMLElement) {}

  /** Aborted when the page is left; for listeners. */
  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  get isOver(): boolean {
    return this.signal.aborted;
  }

  end(): void {
    this.#leaving.abort();
  }

  /** Whether something would be lost if the page were left now; who leaves is then asked. */
  holdsUnsaved: () => boolean = () => false;

  onEnd(action: () => void): void {
    this.signal.addEventListener("abort", action, { once: true });
  }

  watch<T>(cell: Cell<T>, watcher: (value: T, before: T) => void): void {
    this.onEnd(cell.watch(watcher));
  }

  /** Calls `draw` now and after a change of any of the cells. */
  render(cells: readonly Watched[], draw: () => void): void {
    this.onEnd(renderOn(cells, draw));
  }

  every(ms: number, action: () => void): void {
    const timer = setInterval(action, ms);
    this.onEnd(() => clearInterval(timer));
  }

  /** A click of any element of the page, now or later, that matches `selector`. */
  onClick(selector: string, action: (button: HTMLElement) => void): void {
    onClick(selector, action, this);
  }
}
