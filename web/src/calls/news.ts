// What has become of the call without the agent's doing, in words: a third party who did not come, a customer who is gone,
// a talk that goes on. Where the microphone is open again for the customer, a sound says so as well.

import { get } from "../api/client";
import type { Call, Desk, Guest, LastGuest, PastCall } from "../api/contract";
import { Cell } from "../core/cell";
import { FAILURES } from "../core/words";
import { ping } from "../phone/ringer";
import { phoneIsHere } from "../phone/tabs";
import type { CallActions } from "./actions";
import { callerLabel, guestLabel } from "./caller";
import type { ActionName, ToolName } from "./presses";

export const news = new Cell<string | null>(null);

const SHOWN_MS = 15_000;
const AWAY: ReadonlySet<Call["stage"]> = new Set(["held", "reaching", "consulting", "returning"]);
const WITH_GUEST: ReadonlySet<Call["stage"]> = new Set(["reaching", "consulting", "conference"]);
/** How long after such a press its effect is the agent's own. */
const OWN_MS = 3000;
const OWN: readonly (ActionName | ToolName)[] = ["hang-up", "decline", "hold", "hand-over", "conference", "cancel"];

const BECAME: Record<LastGuest["outcome"], (who: string) => string> = {
  declined: (who) => `${who} declined.`,
  no_answer: (who) => `${who} did not answer.`,
  busy: (who) => `${who} is busy.`,
  not_reached: (who) => `${who} could not be reached.`,
  left: (who) => `${who} left.`,
  cancelled: (who) => `${who} was let go.`,
  joined: (who) => `${who} took the call.`,
};

function becameOf(guest: LastGuest): string {
  const why = guest.outcome === "not_reached" && guest.failure ? FAILURES[guest.failure] : undefined;
  return why ? `${nameOf(guest)} could not be reached: ${why.toLowerCase()}.` : BECAME[guest.outcome](nameOf(guest));
}

/** What was left by loading this page anew while it rang outside: such a call ends with the page, and that must be said. */
const LEFT = "everline.left";

function takeLeft(): { call_id: string; who: string } | null {
  const left = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  return left === null ? null : (JSON.parse(left) as { call_id: string; who: string });
}

function mountLeft(desk: Cell<Desk | null>, tell: (words: string) => void): void {
  let left = takeLeft();
  desk.watch((now) => {
    if (now === null || left === null) return;
    if (now.call?.call_id !== left.call_id)
      tell(
        `Your call to ${left.who} ended when the page was loaded anew: nobody had answered yet. Call again if you like.`,
      );
    else if (now.call.stage === "dialling") return;
    left = null;
  });
  addEventListener("pagehide", () => {
    const call = desk.value?.call;
    if (call?.stage === "dialling" && phoneIsHere.value !== false)
      sessionStorage.setItem(LEFT, JSON.stringify({ call_id: call.call_id, who: callerLabel(call) }));
  });
}

const RECORD_MS = 1000;
const MOST_TRIES = 5;

/** The record of a call that is over, which comes a moment after the end; undefined when it does not come. */
async function recordOf(call: string): Promise<PastCall | undefined> {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const { items } = await get<{ items: PastCall[] }>("/api/v1/calls?mine=1&limit=3");
    const record = items.find((item) => item.call_id === call);
    if (record) return record;
    await new Promise((resolve) => setTimeout(resolve, RECORD_MS));
  }
  return undefined;
}

/** A call of one's own that nobody answered: why is in its record. */
function mountNotReached(desk: Cell<Desk | null>, isOwn: () => boolean, tell: (words: string) => void): void {
  desk.watch((now, before) => {
    const call = before?.call;
    if (call?.stage !== "dialling" || now?.call?.call_id === call.call_id || isOwn()) return;
    const who = callerLabel(call);
    recordOf(call.call_id)
      .then((record) => record && record.disposition !== "answered" && tell(wordsOfRecord(who, record)))
      // Without the line to the server the page says so itself.
      .catch(() => undefined);
  });
}

function wordsOfRecord(name: string, record: PastCall): string {
  if (record.disposition === "busy") return BECAME.busy(name);
  if (record.disposition === "unanswered")
    return record.failure === "declined" ? BECAME.declined(name) : BECAME.no_answer(name);
  const why = record.failure ? FAILURES[record.failure] : undefined;
  return why ? `${name} could not be reached: ${why.toLowerCase()}.` : BECAME.not_reached(name);
}

export function mountNews(desk: Cell<Desk | null>, actions: CallActions): void {
  let pressedAt = -OWN_MS;
  let answering = false;
  let known: Guest | null = null;
  let heldBack = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  actions.state.watch((now, before) => {
    if (now.pending.size > before.pending.size) tell(null);
    if (OWN.some((name) => now.pending.has(name))) pressedAt = performance.now();
    if (now.pending.has("answer")) answering = true;
  });
  const tell = (words: string | null): void => {
    clearTimeout(timer);
    news.value = words;
    if (words !== null) timer = setTimeout(() => (news.value = null), SHOWN_MS);
  };
  mountLeft(desk, tell);
  mountNotReached(desk, () => performance.now() - pressedAt < OWN_MS, tell);
  desk.watch((now, before) => {
    if (!now || !before || now.call === before.call) return;
    // That the third party is gone may be told before the stage is.
    known = before.call?.guest ?? known;
    const wasAnswering = answering;
    if (now.call?.stage !== "offered") answering = false;
    const own = performance.now() - pressedAt < OWN_MS;
    const earlier = before.call && {
      ...before.call,
      guest: before.call.guest ?? known,
      last_guest: heldBack ? null : before.call.last_guest,
    };
    const words = wordsFor(now.call, earlier, own, wasAnswering);
    // What became of the third party may be told before the stage is, too: it is said with the stage.
    heldBack =
      now.call !== null &&
      WITH_GUEST.has(now.call.stage) &&
      now.call.last_guest !== null &&
      now.call.last_guest.at !== earlier?.last_guest?.at;
    if (now.call === null || !WITH_GUEST.has(now.call.stage)) known = null;
    if (words === null) return;
    tell(words);
    if (opensMicrophone(now.call, before.call) && phoneIsHere.value !== false && now.phone.kind === "web") ping();
  });
}

function wordsFor(now: Call | null, before: Call | null, own: boolean, answering: boolean): string | null {
  if (before === null || before.brought_by !== null) return null;
  if (now === null || now.call_id !== before.call_id || now.stage === "wrap_up")
    return wordsOfEnd(now, before, own, answering);
  if (now.brought_by !== null) return null;
  const again =
    now.stage === "connected" && AWAY.has(before.stage) ? ` You are talking with ${callerLabel(now)} again.` : "";
  const away = guestAway(now, before);
  if (away !== null) return away;
  const guest = now.last_guest ?? null;
  if (guest !== null && guest.at !== before.last_guest?.at && WITH_GUEST.has(now.stage)) return null;
  if (guest !== null && guest.at !== before.last_guest?.at && !(own && guest.outcome === "cancelled"))
    return `${becameOf(guest)}${again}`;
  if (own) return null;
  if (WITH_GUEST.has(before.stage) && !WITH_GUEST.has(now.stage) && before.guest && !now.guest && guest === null)
    return `${nameOf(before.guest)} is not in the call any more.${again}`;
  return (
    again.trim() ||
    (now.stage === "returning" && before.stage !== "returning"
      ? `Your phone was cut off from the call. ${callerLabel(now)} hears music until it is back.`
      : null)
  );
}

/** A third party who talked and was cut off is rung again. */
function guestAway(now: Call, before: Call): string | null {
  if (!now.guest || now.guest.answered || !before.guest?.answered || now.guest.user_id !== before.guest.user_id)
    return null;
  const who = nameOf(now.guest);
  return now.stage === "conference"
    ? `${who} was cut off and is being rung again. ${callerLabel(now)} hears you.`
    : `${who} was cut off. You hear it ring until ${who} is back.`;
}

/** The call is over, for me at least. */
function wordsOfEnd(now: Call | null, before: Call, own: boolean, answering: boolean): string | null {
  const who = callerLabel(before);
  const over = now?.call_id === before.call_id;
  if (before.stage === "offered") return answering && !over ? `${who} was gone before you were connected.` : null;
  if (!WITH_GUEST.has(before.stage) || before.guest === null)
    return before.stage === "held" && !own ? `${who} hung up while on hold.` : null;
  const guest = nameOf(before.guest);
  if (over)
    return own ? null : `${who} hung up${before.stage === "conference" ? "" : ` while you were with ${guest}`}.`;
  if (own && before.guest.answered) return null;
  return before.stage === "reaching" && before.guest.purpose === "transfer"
    ? `${guest} has taken the call of ${who}, or ${who} hung up.`
    : own
      ? null
      : `${who} hung up, or is with ${guest} now.`;
}

function opensMicrophone(now: Call | null, before: Call | null): boolean {
  return now?.stage === "connected" && before !== null && before.call_id === now.call_id && AWAY.has(before.stage);
}

function nameOf(guest: Guest | LastGuest): string {
  return guestLabel(guest, "The third party");
}
