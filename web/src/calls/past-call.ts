// A call of before as a row of a table: what kind it was, whose, how it ended, and the button that calls back.

import type { Disposition, Involvement, PastCall, RecordingState } from "../api/contract";
import { formatDuration, formatMoment } from "../core/clock";
import { element, icon } from "../core/dom";
import type { Scope } from "../core/scope";
import { CALL_TYPE_ICONS, CALL_TYPES, DISPOSITIONS, FAILURES } from "../core/words";
import { type TextKey, t } from "../texts/texts";
import { callerLabel, callerName, callerNumber } from "./caller";
import { callBackButton, dialBy, lineOfPress } from "./dial";
import { ownPart } from "./own-part";

/** A list of calls, wherever it comes from, that can be fetched anew. */
export interface PastCalls {
  readonly value: { readonly value: { items: readonly PastCall[] } | null };
  load(): Promise<void>;
}

/** A word or two, and what they mean. */
interface Told {
  word: string;
  why: string;
}

type ToldKey =
  Extract<TextKey, `calls.${string}.why`> extends infer K ? (K extends `${infer Base}.why` ? Base : never) : never;

function told(key: Exclude<ToldKey, `calls.followed.${string}` | "calls.waited">): Told {
  return { word: t(key), why: t(`${key}.why`) };
}

const PARTS: Partial<Record<Involvement, Told>> = {
  passed_on: told("calls.part.passedOn"),
  brought_in: told("calls.part.broughtIn"),
};

/** Why a queue, or admission control, did not serve a call. */
const EXITS: Record<string, string> = {
  full: t("calls.exit.full"),
  closed: t("calls.exit.closed"),
  no_agents: t("calls.exit.noAgents"),
  max_wait: t("calls.exit.maxWait"),
  voicemail: t("calls.exit.voicemail"),
  callback: t("calls.exit.callback"),
  menu: t("calls.exit.menu"),
  served: t("calls.exit.served"),
};
const RECORDINGS: Partial<Record<RecordingState, Told>> = {
  short: told("calls.recording.short"),
  failed: told("calls.recording.failed"),
};
const MISSED: (typeof DISPOSITIONS)[Disposition] = { word: t("calls.missed"), icon: "missed", tone: "warn" };

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
      ? [element("span", { class: "waited", title: t("calls.waited.why") }, t("calls.waited", { time: seconds }))]
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
  if (code) cell.append(element("span", { class: "outcome-code", title: t("calls.wrapUpCode", { code }) }, code));
  return element("td", {}, cell);
}

/** What became of a call that rang here in vain: whether somebody should call back. */
function became(call: PastCall): Told {
  if (call.disposition === "answered") return told("calls.became.colleague");
  if (call.disposition === "abandoned" && call.counted === null) return told("calls.became.gaveUpAtOnce");
  if (call.disposition === "abandoned") return told("calls.became.gaveUp");
  return told("calls.became.notServed");
}

/** What has followed: nobody calls a caller back whom a colleague talks with. */
function followed(call: PastCall): Told | null {
  const later = call.called_back;
  if (!later) return null;
  const { agent, at, goes_on, direction } = later;
  if (direction === "outbound")
    return goes_on
      ? { word: t("calls.followed.beingCalled"), why: t("calls.followed.beingCalled.why", { agent }) }
      : {
          word: t("calls.followed.calledBack"),
          why: t("calls.followed.calledBack.why", { agent, at: formatMoment(at) }),
        };
  return goes_on
    ? { word: t("calls.followed.talks"), why: t("calls.followed.talks.why", { agent }) }
    : { word: t("calls.followed.served"), why: t("calls.followed.served.why", { agent }) };
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
  const known = (): string | null => {
    const call = calls.value.value?.items.find((one) => one.call_id === button.dataset.unserved);
    return (call && followed(call)?.why) ?? null;
  };
  const [before, tell] = [known(), lineOfPress()];
  tell(null);
  await calls.load();
  const now = known();
  if (now !== null && now !== before) tell(t("calls.followed.pressAgain", { why: now }));
  else void dialBy(button);
}
