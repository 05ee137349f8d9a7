// A value that tells its watchers when it changes: the only shared state of the page.

export class Cell<T> {
  #value: T;
  readonly #watchers = new Set<(value: T, before: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set value(next: T) {
    if (Object.is(next, this.#value)) return;
    const before = this.#value;
    this.#value = next;
    for (const watcher of [...this.#watchers]) {
      try {
        watcher(next, before);
      } catch (error) {
        // A panel with a fault must not blind those after it.
        reportError(error);
      }
    }
  }

  /** Calls `watcher` after every change; returns the way to stop it. */
  watch(watcher: (value: T, before: T) => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }
}

export interface Watched {
  watch(watcher: () => void): () => void;
}

/** Calls `render` now and after a change of any of the cells; returns the way to stop it. */
export function renderOn(cells: readonly Watched[], render: () => void): () => void {
  const stops = cells.map((cell) => cell.watch(render));
  render();
  return () => {
    for (const stop of stops) stop();
  };
}
