// A call of before as a row of a table: what kind it was, whose, how it ended, and the button that calls back.

import type { Disposition, Involvement, PastCall, RecordingState } from "../api/contract";
import { formatDuration, formatMoment } from "../core/clock";
import { element, icon } from "../core/dom";
import type { Scope } from "../core/scope";
import { CALL_TYPE_ICONS, CALL_TYPES, DISPOSITIONS, FAILURES } from "../core/words";
import { callerLabel, callerName, callerNumber } from "./caller";
import { callBackButton, dialBy, lineOfPress } from "./dial";
import { ownPart } from "./own-part";

/** A list of calls, wherever it comes from, that can be fetched anew. */
export interface PastCalls {
  readonly value: { readonly value: { items: readonly PastCall[] } | null };
  load(): Promise<void>;
}

const PARTS: Partial<Record<Involvement, { word: string; why: string }>> = {
  passed_on: { word: "Passed on", why: "You talked, and others took the call over" },
  brought_in: { word: "Brought in", why: "A colleague asked you to join" },
};

/** Why a queue, or admission control, did not serve a call. */
const EXITS: Record<string, string> = {
  full: "Line was full",
  closed: "Was closed",
  no_agents: "Nobody there",
  max_wait: "Waited too long",
  voicemail: "Left a message",
  callback: "Wants a callback",
  menu: "Left in the menu",
  served: "Talked with since",
};
const RECORDINGS: Partial<Record<RecordingState, { word: string; why: string }>> = {
  short: { word: "Recording cut short", why: "Some of the talk is missing in the recording" },
  failed: { word: "Not recorded", why: "The talk was to be recorded, and that has failed" },
};
const MISSED: (typeof DISPOSITIONS)[Disposition] = { word: "Missed", icon: "missed", tone: "warn" };

export function pastCallRow(call: PastCall, canDial: boolean): HTMLElement {
  const cells = [
    element("td", { class: "cell-type" }, type(call)),
    element("td", {}, who(call)),
    element("td", {}, call.queue ?? "–"),
    outcome(call),
    element("td", { class: "number figures cell-began" }, formatMoment(call.started_at)),
    length(call),
  ];
  if (canDial) cells.push(element("td", { class: "cell-dial" }, ...callBack(call)));
  return element("tr", { "data-testid": "recent-call", "data-call": call.call_id }, ...cells);
}

/** How long the talk was; of a caller nobody talked with, how long the caller waited. */
function length(call: PastCall): HTMLElement {
  const waited =
    call.duration < 1 && call.type === "inbound" && (call.part === "missed" || call.disposition !== "answered");
  const seconds = formatDuration(waited ? call.waited : call.duration);
  return element(
    "td",
    { class: "number figures" },
    ...(waited
      ? [element("span", { class: "waited", title: "Waited, and was not served" }, `waited ${seconds}`)]
      : [seconds]),
  );
}

function type(call: PastCall): HTMLElement {
  const word = CALL_TYPES[call.type];
  return element(
    "div",
    { class: "call-type", title: word },
    icon(CALL_TYPE_ICONS[call.type]),
    element("span", {}, word),
  );
}

function who(call: PastCall): HTMLElement {
  const number = callerNumber(call);
  const cell = element("div", { class: "who", title: `${callerName(call)} ${number}` });
  cell.append(element("strong", {}, callerLabel(call)));
  if (call.customer_name) cell.append(element("span", { class: "figures" }, number));
  return cell;
}

function outcome(call: PastCall): HTMLElement {
  const known = call.part === "missed" ? MISSED : DISPOSITIONS[call.disposition];
  const word = element(
    "span",
    { class: `outcome outcome-${known?.tone ?? "quiet"}` },
    ...(known ? [icon(known.icon)] : []),
  );
  word.append(element("span", {}, known?.word ?? call.disposition));
  const cell = element("div", { class: "outcome-cell" }, word);
  const part = followed(call) ?? (call.part === "missed" ? became(call) : call.part && PARTS[call.part]);
  if (part) cell.append(element("span", { class: "outcome-code outcome-part", title: part.why }, part.word));
  const why = call.failure ? FAILURES[call.failure] : undefined;
  if (why) cell.append(element("span", { class: "outcome-code outcome-part" }, why));
  const exit = !part && call.exit ? EXITS[call.exit] : undefined;
  if (exit) cell.append(element("span", { class: "outcome-code outcome-part" }, exit));
  const recording = call.recording ? RECORDINGS[call.recording] : undefined;
  if (recording)
    cell.append(element("span", { class: "outcome-code outcome-part", title: recording.why }, recording.word));
  const own = call.part === "passed_on" ? ownPart(call) : null;
  if (own) cell.append(own);
  // The code of the record is about the end, which was not mine.
  const code = part ? null : call.wrap_up_code;
  if (code) cell.append(element("span", { class: "outcome-code", title: `Wrap-up code: ${code}` }, code));
  return element("td", {}, cell);
}

/** What became of a call that rang here in vain: whether somebody should call back. */
function became(call: PastCall): { word: string; why: string } {
  if (call.disposition === "answered") return { word: "A colleague answered", why: "The caller has been served" };
  if (call.disposition === "abandoned" && call.counted === null)
    return { word: "Caller gave up at once", why: "It had not rung here for long, so it is not in your rate" };
  if (call.disposition === "abandoned") return { word: "Caller gave up", why: "Nobody has talked with the caller" };
  return { word: "Not served", why: "Nobody has talked with the caller" };
}

/** What has followed: nobody calls a caller back whom a colleague talks with. */
function followed(call: PastCall): { word: string; why: string } | null {
  const later = call.called_back;
  if (!later) return null;
  const { agent, at, goes_on, direction } = later;
  if (direction === "outbound")
    return goes_on
      ? { word: "Being called", why: `${agent} is calling back now` }
      : { word: "Called back", why: `${agent} called back ${formatMoment(at)}` };
  return goes_on
    ? { word: "Talks again", why: `Talks with ${agent} now` }
    : { word: "Served since", why: `Called again, and talked with ${agent}` };
}

function callBack(call: PastCall): HTMLElement[] {
  const unserved = call.type === "inbound" && call.disposition !== "answered" ? call.call_id : undefined;
  const button = callBackButton(call, unserved);
  return button ? [button] : [];
}

/** Lets the rows' buttons call back whom nobody served. */
export function mountCallUnserved(scope: Scope, calls: PastCalls): void {
  scope.onClick("[data-dial][data-unserved]", (button) => void callUnserved(calls, button));
}

/** Calls back unless somebody else has meanwhile, of which the row did not tell: then it does, and the next press calls. */
async function callUnserved(calls: PastCalls, button: HTMLElement): Promise<void> {
  const told = (): string | null => {
    const call = calls.value.value?.items.find((one) => one.call_id === button.dataset.unserved);
    return (call && followed(call)?.why) ?? null;
  };
  const [before, tell] = [told(), lineOfPress()];
  tell(null);
  await calls.load();
  const now = told();
  if (now !== null && now !== before) tell(`${now}. Press again to call anyway.`);
  else void dialBy(button);
}
