// Where one has scrolled to, for each entry of the browser's history: Back and a reload come back there.

const KEPT = "everline.scroll";
/** How long a page may take to grow as high as it was. */
const GROWING_MS = 5000;

interface Entry {
  entry: number;
}

export interface ScrollKeeper {
  /** Remembers where the entry that is left was. */
  leave(): void;
  /** The state of the entry that comes next. */
  nextEntry(): Entry;
  /** How many entries the browser has gone on from the one that is shown; 0 when nobody knows. */
  steps(): number;
  /** Learns which entry the browser has gone to; false for a new one, of a place in the same page. */
  arrive(): boolean;
  /** Goes where the present entry was, as soon as the page is high enough. */
  restore(): void;
}

export function keepScroll(main: HTMLElement): ScrollKeeper {
  history.scrollRestoration = "manual";
  const tops = recallTops();
  let entry = entryOf(history.state);
  let stop = (): void => undefined;
  if (entry === null) {
    entry = 0;
    history.replaceState({ entry } satisfies Entry, "");
  }
  let now = entry;
  const leave = (): void => {
    stop();
    tops.set(now, scrollY);
  };
  addEventListener("pagehide", () => {
    leave();
    keepTops(tops);
  });
  return {
    leave,
    nextEntry: () => {
      now += 1;
      for (const later of [...tops.keys()]) if (later >= now) tops.delete(later);
      return { entry: now };
    },
    steps: () => (entryOf(history.state) ?? now) - now,
    arrive: () => {
      const known = entryOf(history.state);
      now = known ?? now + 1;
      if (known === null) history.replaceState({ entry: now } satisfies Entry, "");
      return known !== null;
    },
    restore: () => {
      stop();
      stop = goTo(main, tops.get(now) ?? 0);
    },
  };
}

function recallTops(): Map<number, number> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as [number, number][]);
  } catch {
    return new Map();
  }
}

function keepTops(tops: ReadonlyMap<number, number>): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...tops]));
  } catch {
    // Storage can be forbidden; a page that is loaded anew then begins at its top.
  }
}

function entryOf(state: unknown): number | null {
  const entry = (state as Partial<Entry> | null)?.entry;
  return typeof entry === "number" ? entry : null;
}

/** Scrolls as far as the page allows, and further as its lists come in, until the reader scrolls; returns the way to stop. */
function goTo(main: HTMLElement, top: number): () => void {
  scrollTo(0, top);
  if (top === 0) return () => undefined;
  const ended = new AbortController();
  const grown = new ResizeObserver(() => {
    scrollTo(0, top);
    if (scrollY >= top - 1) ended.abort();
  });
  const timer = setTimeout(() => ended.abort(), GROWING_MS);
  ended.signal.addEventListener("abort", () => {
    clearTimeout(timer);
    grown.disconnect();
  });
  for (const kind of ["wheel", "keydown", "pointerdown", "touchstart"])
    addEventListener(kind, () => ended.abort(), { signal: ended.signal, passive: true });
  grown.observe(main);
  return () => ended.abort();
}
