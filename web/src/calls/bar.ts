// The call bar: who calls, how long, and what can be done about it. It keeps its height at every stage, so nothing jumps.

import type { Call, CallStage, Desk } from "../api/contract";
import { type Cell, renderOn } from "../core/cell";
import { secondsBetween, serverNow, setClock, setLength } from "../core/clock";
import { isOff, maybe, onClick, one, setIcon, setPending, setText, show } from "../core/dom";
import { isQuiet, QUIET_MS, setMeaning } from "../core/press";
import type { Softphone } from "../phone/softphone";
import type { CallActions } from "./actions";
import { callerLabel, callerName, callerNumber, guestLabel } from "./caller";
import { news } from "./news";
import { type Next, whatComesNext } from "./next";
import type { ActionName } from "./presses";
import { canHangUp, endsGuestOnly, TALKING } from "./rules";
import { wasHandedOver } from "./this-call";
import { renderCodes } from "./wrap-up";

const STAGES: Record<CallStage, { word: string; icon: string; clock: string }> = {
  offered: { word: "Incoming call", icon: "ringing", clock: "Waiting" },
  dialling: { word: "Calling", icon: "callback", clock: "For" },
  connected: { word: "Talking with", icon: "talking", clock: "Talk time" },
  held: { word: "On hold", icon: "hold", clock: "Talk time" },
  reaching: { word: "On hold with music", icon: "hold", clock: "Talk time" },
  consulting: { word: "On hold with music", icon: "hold", clock: "Talk time" },
  conference: { word: "Together with", icon: "agents", clock: "Talk time" },
  returning: { word: "Waits for you", icon: "hold", clock: "Talk time" },
  wrap_up: { word: "Wrap-up after", icon: "wrapup", clock: "Time left" },
};

const BUSY_WORDS: Record<ActionName, string> = {
  answer: "Answering",
  decline: "Declining",
  "hang-up": "Hanging up",
  mute: "Mute",
  "wrap-up": "Finishing",
  "more-time": "More time",
};

export function mountCallBar(
  desk: Cell<Desk | null>,
  phone: Softphone,
  actions: CallActions,
  blind: Cell<boolean>,
): void {
  const bar = one("[data-callbar]");
  renderOn([desk, phone.stage, phone.registration, phone.muted, actions.state, blind, news], () => {
    const now = desk.value;
    const call = now?.call ?? null;
    bar.dataset.stage = call?.stage ?? "empty";
    const next = whatComesNext(now, phone.registration.value, blind.value);
    bar.dataset.next = next.tone;
    showParts(bar, call);
    if (call && now) showCall(bar, now, call, phone, actions);
    else showNext(bar, next);
    showMessage(bar, actions.state.value.message, news.value);
  });
  announceOffers(bar, desk);
  wireButtons(actions);
}

function showParts(bar: HTMLElement, call: Call | null): void {
  show(one("[data-call-next]", bar), call === null);
  if (call === null) show(one("[data-call-codes]", bar), false);
  for (const part of ["who", "facts", "marks", "clock", "actions"])
    show(one(`[data-call-${part}]`, bar), call !== null);
}

/** Since when the bar has been empty; null while there is a call. */
let emptySince: number | null = -QUIET_MS;

function showNext(bar: HTMLElement, next: Next): void {
  emptySince ??= performance.now();
  for (const name of Object.keys(BUSY_WORDS) as ActionName[]) setMeaning(actionButton(name, bar), null);
  setIcon(one("[data-call-badge]", bar), next.icon);
  setText(one("[data-next-headline]", bar), next.headline);
  setText(one("[data-next-detail]", bar), next.detail);
}

function showCall(bar: HTMLElement, desk: Desk, call: Call, phone: Softphone, actions: CallActions): void {
  const stage = STAGES[call.stage];
  setIcon(one("[data-call-badge]", bar), stage.icon);
  const word = one("[data-call-stage]", bar);
  setText(word, stageWord(call));
  word.title = stageWord(call);
  const who = one("[data-call-who]", bar);
  who.classList.toggle("is-unnamed", !call.customer_name);
  for (const [part, text] of [
    ["name", callerName(call)],
    ["number", callerNumber(call)],
  ] as const) {
    const target = one(`[data-call-${part}]`, bar);
    setText(target, text);
    target.title = text;
  }
  showFacts(bar, call);
  showClock(bar, desk, call, stage.clock);
  showMarks(bar, desk, call, phone, actions);
  showButtons(bar, desk, call, actions);
  renderCodes(bar, call, actions);
}

function stageWord(call: Call): string {
  if (call.brought_by !== null) return guestWord(call, call.brought_by);
  if (call.stage === "conference") return `Together with ${guestName(call)} and`;
  if (call.stage === "offered" && call.type === "manual") return "Pick up, and we call";
  if (call.stage === "offered" && call.callback) return "Answer, and we call";
  if (call.stage === "dialling" && call.callback) return "Calling back";
  if (call.stage === "wrap_up" && call.wrap_up_code_required) return "Choose a code for";
  return STAGES[call.stage].word;
}

/** For who is brought in: whether the customer hears, or will hear as soon as there is an answer, must be plain. */
function guestWord(call: Call, by: string): string {
  if (call.stage === "conference") return `Together with ${by} and`;
  if (call.guest?.purpose === "transfer") return call.stage === "offered" ? `${by} transfers to you:` : `From ${by}:`;
  return call.stage === "offered" ? `${by} calls you about` : `With ${by}, in private, about`;
}

function guestName(call: Call): string {
  return guestLabel(call.guest, "somebody");
}

function showFacts(bar: HTMLElement, call: Call): void {
  const queue = one("[data-fact-queue]", bar);
  setText(queue, call.queue ?? "Direct call");
  queue.title = call.queue ?? "";
  const byHand = call.type === "manual";
  setText(one("[data-fact-dialled-word]", bar), byHand ? "Shows" : "Called");
  setText(one("[data-fact-waited-word]", bar), byHand ? "Rang" : "Waited");
  // Whoever knows the queue has no use for its number.
  show(one("[data-fact-dialled-row]", bar), Boolean(call.our_number) && (byHand || call.queue === null));
  setText(one("[data-fact-dialled]", bar), call.our_number ?? "");
  const waitEnd = (wasHandedOver(call) ? call.served_at : call.answered_at) ?? call.ended_at;
  show(
    one("[data-fact-waited-row]", bar),
    call.stage !== "offered" && call.brought_by === null && call.queued_at !== null && waitEnd !== null,
  );
  if (call.queued_at && waitEnd) setLength(one("[data-fact-waited]", bar), secondsBetween(call.queued_at, waitEnd));
}

function showClock(bar: HTMLElement, desk: Desk, call: Call, word: string): void {
  const clock = one("[data-clock-time]", bar);
  setText(one("[data-clock-word]", bar), call.stage === "offered" && call.brought_by !== null ? "Ringing" : word);
  // A colleague who is asked is not what the customer waited for.
  if (call.stage === "offered")
    setClock(clock, "since", call.brought_by === null ? (call.queued_at ?? call.offered_at) : call.offered_at);
  else if (TALKING.has(call.stage) || call.stage === "returning") setClock(clock, "since", call.answered_at);
  else if (call.stage === "dialling") setClock(clock, "since", desk.agent.since);
  else setClock(clock, "until", desk.agent.until, "00:00");
  if (call.stage === "wrap_up") startDrain(bar, call.ended_at ?? desk.agent.since, desk.agent.until);
}

/** The line under the bar empties as wrap-up runs out; it starts where the server's times say. */
function startDrain(bar: HTMLElement, from: string, until: string | null): void {
  const key = `${from} ${until ?? ""}`;
  if (bar.dataset.drain === key) return;
  bar.dataset.drain = key;
  const total = until ? Math.max(0, secondsBetween(from, until)) : 0;
  const passed = (serverNow() - Date.parse(from)) / 1000;
  bar.style.setProperty("--drain-time", `${total}s`);
  bar.style.setProperty("--drain-start", `${-passed}s`);
}

function showMarks(bar: HTMLElement, desk: Desk, call: Call, phone: Softphone, actions: CallActions): void {
  const talking = TALKING.has(call.stage);
  const recording = talking && call.recorded && !call.recording_failed;
  show(one("[data-mark-recorded]", bar), recording && !call.recording_paused);
  show(one("[data-mark-unrecorded]", bar), recording && call.recording_paused);
  show(one("[data-mark-record-failed]", bar), talking && call.recorded && call.recording_failed);
  show(one("[data-mark-muted]", bar), talking && actions.muted);
  const silent = talking && desk.phone.kind === "web" && phone.stage.value === "none";
  show(one("[data-mark-silent]", bar), silent);
  setText(one("[data-silent-word]", bar), phone.isElsewhere ? "Sound in another tab" : "No sound in this window");
}

function showButtons(bar: HTMLElement, desk: Desk, call: Call, actions: CallActions): void {
  const web = desk.phone.kind === "web";
  const visible: Record<ActionName, boolean> = {
    answer: call.stage === "offered" && web,
    decline: call.stage === "offered" && call.type !== "manual",
    mute: TALKING.has(call.stage),
    "hang-up": canHangUp(call),
    "wrap-up": call.stage === "wrap_up",
    "more-time": call.stage === "wrap_up",
  };
  show(one("[data-answer-on-phone]", bar), call.stage === "offered" && !web);
  const focused = document.activeElement;
  // After a rest there was nothing under the finger.
  const fromRest = emptySince !== null && performance.now() - emptySince > QUIET_MS;
  emptySince = null;
  for (const name of Object.keys(visible) as ActionName[]) {
    const button = actionButton(name, bar);
    show(button, visible[name]);
    showLabel(button, name, actions);
    setMeaning(button, visible[name] ? meaningOf(name, call, desk) : null, name === "answer" || fromRest);
    // The next button must not inherit the focus: a second Enter would press it unseen.
    if (focused === button && button.hidden) bar.focus({ preventScroll: true });
  }
  setText(one("[data-label]", actionButton("hang-up", bar)), endingWord(call, actions));
  if (desk.agent.wanted === "paused" && !actions.isPending("wrap-up"))
    setText(one("[data-label]", actionButton("wrap-up", bar)), "Pause now");
}

/** What a press does; the word on the button may say more. */
function meaningOf(name: ActionName, call: Call, desk: Desk): string {
  if (name === "hang-up") return hangUpWord(call);
  return name === "wrap-up" ? `${name} ${desk.agent.wanted ?? ""}` : name;
}

function hangUpWord(call: Call): string {
  if (call.brought_by !== null) return "Leave";
  if (!endsGuestOnly(call)) return "Hang up";
  return call.guest?.purpose === "transfer" ? "Cancel transfer" : "End consult";
}

function endingWord(call: Call, actions: CallActions): string {
  if (!actions.isPending("hang-up")) return hangUpWord(call);
  return endsGuestOnly(call) ? "Ending" : BUSY_WORDS["hang-up"];
}

function showLabel(button: HTMLElement, name: ActionName, actions: CallActions): void {
  const pending = actions.isPending(name);
  // A code that is being given shows so on its own button.
  setPending(button, pending && !(name === "wrap-up" && actions.state.value.code !== null));
  const label = one("[data-label]", button);
  label.dataset.rest ??= label.textContent ?? "";
  if (name === "mute") {
    button.setAttribute("aria-pressed", String(actions.muted));
    setIcon(button, actions.muted ? "mic-off" : "mic");
    setText(label, actions.muted ? "Unmute" : "Mute");
  } else setText(label, pending ? BUSY_WORDS[name] : (label.dataset.rest ?? ""));
}

/** A refusal, or what has become of the call by itself; what was refused comes first. */
function showMessage(bar: HTMLElement, refusal: string | null, told: string | null): void {
  const bubble = one("[data-call-message]", bar);
  const words = refusal ?? told;
  show(bubble, words !== null);
  bubble.dataset.tone = refusal === null ? "news" : "bad";
  setIcon(bubble, refusal === null ? "talking" : "alert");
  setText(one("[data-call-message-text]", bar), words ?? "");
}

function announceOffers(bar: HTMLElement, desk: Cell<Desk | null>): void {
  const announcer = one("[data-call-announcer]", bar);
  desk.watch((now, before) => {
    // Also when only whose call it is has changed, as by a hand-over.
    const words = now?.call ? announcement(now.call) : "";
    const sameCall = now?.call?.call_id === before?.call?.call_id;
    if (!sameCall || words !== (before?.call ? announcement(before.call) : "")) setText(announcer, words);
  });
}

function announcement(call: Call): string {
  if (call.stage !== "offered" || call.brought_by !== null || call.type === "manual")
    return `${stageWord(call)} ${callerLabel(call)}`;
  return `${call.callback ? "Callback to" : "Incoming call from"} ${callerLabel(call)}${call.queue ? `, ${call.queue}` : ""}`;
}

function actionButton(name: ActionName, root: ParentNode = document): HTMLElement {
  return one(`[data-action="${name}"]`, root);
}

function wireButtons(actions: CallActions): void {
  const acts: Record<ActionName, () => Promise<void>> = {
    answer: () => actions.answer(),
    decline: () => actions.decline(),
    "hang-up": () => actions.hangUp(),
    mute: () => actions.toggleMute(),
    "wrap-up": () => actions.completeWrapUp(),
    "more-time": () => actions.moreTime(),
  };
  onClick("[data-action]", (button) => void acts[button.dataset.action as ActionName]());
  onClick("[data-dismiss-message]", () => {
    actions.dismiss();
    news.value = null;
  });
}

/** Presses a call button from the keyboard, when it is there and can be pressed. */
export function pressAction(name: ActionName): void {
  const button = maybe(`[data-action="${name}"]`);
  if (button && !isOff(button) && !isQuiet(button)) button.click();
}
