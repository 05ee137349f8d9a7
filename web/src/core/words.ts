// The words and icons for each state: one table, so that the top bar, the call bar and the title agree.

import type { Agent, AgentState, CallType, Disposition, Failure, NotOffered } from "../api/contract";

export const STATE_WORDS: Record<AgentState, { word: string; icon: string }> = {
  offline: { word: "Offline", icon: "offline" },
  idle: { word: "Idle", icon: "check" },
  paused: { word: "Paused", icon: "pause" },
  offered: { word: "Ringing", icon: "ringing" },
  on_call: { word: "On call", icon: "talking" },
  wrap_up: { word: "Wrap-up", icon: "wrapup" },
};

/** Why nobody who waits is brought to an agent who is idle: short, for a pill or a row, and as what to do. */
export const NOT_OFFERED: Record<NotOffered, { short: string; headline: string; detail: string }> = {
  no_phone: {
    short: "no phone",
    headline: "Your phone is not connected",
    detail: "No calls come until it is. It keeps trying by itself.",
  },
  no_microphone: {
    short: "no microphone",
    headline: "No calls: callers could not hear you",
    detail: "Allow the microphone, or plug in your headset. Calls come as soon as it can be used.",
  },
  no_queue: {
    short: "no queue",
    headline: "You are in no queue",
    detail: "Only direct calls ring here, until a supervisor adds you to one.",
  },
  paused_everywhere: {
    short: "paused in all queues",
    headline: "Paused in all your queues",
    detail: "Resume one of them to get its calls.",
  },
};

/** States that belong to a call: what an agent asks for then is done after it. */
export const WORKING: ReadonlySet<AgentState> = new Set(["offered", "on_call", "wrap_up"]);

/** Why an agent is paused, or what follows the present call; nothing for who simply goes on. */
export function pauseWords(agent: Pick<Agent, "state" | "reason" | "wanted">): string {
  if (agent.state === "paused") return agent.reason ?? "";
  return agent.wanted === "paused" ? `then ${agent.reason ?? "paused"}` : "";
}

/** Disposition -> the word shown, its icon and its tone. */
export const DISPOSITIONS: Record<Disposition, { word: string; icon: string; tone: string }> = {
  answered: { word: "Answered", icon: "check", tone: "good" },
  unanswered: { word: "Unanswered", icon: "missed", tone: "warn" },
  abandoned: { word: "Abandoned", icon: "hangup", tone: "warn" },
  busy: { word: "Busy", icon: "busy", tone: "warn" },
  failed: { word: "Failed", icon: "alert", tone: "bad" },
};

/** Why a call of ours was not answered, where the outcome does not say so already. */
export const FAILURES: Partial<Record<Failure, string>> = {
  wrong_number: "Wrong number",
  no_route: "No way there",
  declined: "Declined",
  carrier_down: "Carrier is down",
  no_channel: "All lines were taken",
  media_refused: "No common sound",
  not_allowed: "Not allowed",
};

export const CALL_TYPES: Record<CallType, string> = {
  inbound: "Inbound",
  auto: "Auto Dialed",
  manual: "Manual Dialed",
};
export const CALL_TYPE_ICONS: Record<CallType, string> = { inbound: "call-in", auto: "call-auto", manual: "callback" };

/** "Support", "Support and Sales", "Support, Sales and 2 more". */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length === 2) return `${names[0]} and ${names[1]}`;
  if (names.length === 3) return `${names[0]}, ${names[1]} and ${names[2]}`;
  return `${names[0]}, ${names[1]} and ${names.length - 2} more`;
}
