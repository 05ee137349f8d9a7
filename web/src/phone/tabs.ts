// One tab of a log-in is the phone. The others say so, can take it over, and have it at once when that tab is closed:
// the browser itself keeps the lock, and gives it on when a tab is gone, however it went.

import { Advice } from "../api/client";
import { Cell } from "../core/cell";

/** Whether this tab is the phone; null until that is known. */
export const phoneIsHere = new Cell<boolean | null>(null);

/** A page that is loaded anew waits a moment for the lock of the one it replaces. */
const UNDECIDED_MS = 400;
const ANSWER_MS = 3000;

interface Asked {
  kind: "answer" | "answered";
  id: string;
  /** Why not; null when it was done. */
  why?: string | null;
}

const agent = document.body.dataset.agent ?? "";
const NAME = `everline.phone.${agent}`;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
let waiting = new AbortController();
let left = false;

/** Begins to be the phone, as soon as no other tab is. */
export function wantPhone(): void {
  if (!("locks" in navigator)) {
    phoneIsHere.value = true;
    return;
  }
  setTimeout(() => (phoneIsHere.value ??= false), UNDECIDED_MS);
  void hold({});
}

/** Takes the phone from the tab that has it. */
export function takePhone(): void {
  if (phoneIsHere.value === true || left) return;
  waiting.abort();
  void hold({ steal: true });
}

/** This tab is out for good. */
export function leavePhone(): void {
  left = true;
  waiting.abort();
  channel?.close();
}

async function hold(how: { steal?: boolean }): Promise<void> {
  waiting = new AbortController();
  const mine = waiting.signal;
  // A lock cannot be stolen and waited for at once.
  const options = how.steal ? { steal: true } : { signal: mine };
  try {
    await navigator.locks.request(NAME, options, () => {
      phoneIsHere.value = true;
      return new Promise<void>((resolve) => mine.addEventListener("abort", () => resolve()));
    });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    // Taken over, or we gave up waiting in order to take it over ourselves.
    if (mine.aborted) return;
  }
  if (left) return;
  phoneIsHere.value = false;
  void hold({});
}

/** Lets the tab that is the phone answer. Throws Advice when it does not. */
export function answerInPhoneTab(): Promise<void> {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      channel?.removeEventListener("message", hear);
      reject(new Advice(why));
    };
    const timer = setTimeout(
      () => fail("The tab that is the phone does not answer. Press “Use the phone here” and then Answer."),
      ANSWER_MS,
    );
    const hear = ({ data }: MessageEvent<Asked>): void => {
      if (data.kind !== "answered" || data.id !== id) return;
      clearTimeout(timer);
      if (data.why) {
        fail(data.why);
        return;
      }
      channel?.removeEventListener("message", hear);
      resolve();
    };
    channel?.addEventListener("message", hear);
    channel?.postMessage({ kind: "answer", id } satisfies Asked);
  });
}

/** Answers for the other tabs. `answer` gives why it could not, or null. */
export function answerForOthers(answer: () => Promise<string | null>): void {
  channel?.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
    if (data.kind !== "answer" || phoneIsHere.value !== true) return;
    void answer().then((why) => channel.postMessage({ kind: "answered", id: data.id, why } satisfies Asked));
  });
}
