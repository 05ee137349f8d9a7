// The portal's JSON contract: what the server sends. Times are ISO 8601 with an offset.

export type AgentState = "offline" | "idle" | "paused" | "offered" | "on_call" | "wrap_up";

export interface Agent {
  user_id: string;
  agent_id: string;
  name: string;
  role: "agent" | "supervisor" | "administrator";
  state: AgentState;
  since: string;
  until: string | null;
  /** Why the agent is paused, or will be after the present call. */
  reason: string | null;
  /** What follows the present call, if not idle. */
  wanted: "paused" | "offline" | null;
  /** How many calls in a row the agent has let ring. */
  missed: number;
  not_offered: NotOffered | null;
}

/** Why an idle agent gets no calls of queues. */
export type NotOffered = "no_phone" | "no_microphone" | "no_queue" | "paused_everywhere";

export interface Phone {
  kind: "web" | "sip";
  extension: string;
  registered: boolean;
  since: string;
  /** Why what was last dialled on a desk phone was not called; null when it was. */
  refused: string | null;
  refused_at: string | null;
  /** False when a page has said that its microphone cannot be used. */
  microphone: boolean;
}

export interface Queue {
  queue_id: string;
  name: string;
  waiting: number;
  longest_since: string | null;
  /** Callers whom the queue does not serve: they hear why, or leave a message. */
  leaving: number;
  /** The newest first. */
  calls: WaitingCall[];
}

export interface WaitingCall {
  call_id: string;
  caller_number: string | null;
  caller_name: string | null;
  entered_at: string;
  priority: number;
  /** Whose turn it is, from 1; null for a callback that is tried again at `next_at`. */
  place: number | null;
  ringing: boolean;
  callback: boolean;
  next_at: string | null;
}

/** A queue that an agent serves, and since when the agent is paused there. */
export interface Membership {
  queue_id: string;
  paused_at: string | null;
  paused_reason: string | null;
}

export interface Colleague {
  user_id: string;
  agent_id: string;
  name: string;
  role: Agent["role"];
  state: AgentState;
  since: string;
  until: string | null;
  reason: string | null;
  wanted: Agent["wanted"];
  extension: string;
  reachable: boolean;
  pauses: Membership[];
  not_offered: NotOffered | null;
  /** The queues of which the agent takes calls. */
  serves: string[];
  call: { stage: CallStage; queue: string | null; since: string | null } | null;
}

export type CallStage =
  | "offered"
  | "dialling"
  | "connected"
  | "held"
  | "reaching"
  | "consulting"
  | "conference"
  | "returning"
  | "wrap_up";

/** The third party of a call. */
export interface Guest {
  purpose: "consult" | "transfer";
  user_id: string | null;
  name: string | null;
  number: string | null;
  answered: boolean;
  since: string | null;
}

/** The third party who was in the call before, and what became of it. */
export interface LastGuest {
  name: string | null;
  number: string | null;
  purpose: Guest["purpose"];
  outcome: "declined" | "no_answer" | "busy" | "not_reached" | "left" | "cancelled" | "joined";
  /** Why somebody outside was not reached. */
  failure?: string | null;
  at: string;
}

/** Somebody who is in the call now; an agent who was cut off is missing. */
export interface Participant {
  role: "customer" | "agent" | "third_party" | "listener" | "whisperer" | "barger";
  name: string | null;
  number: string | null;
}

export interface WrapUpCode {
  name: string;
  key: string | null;
}

export interface Call {
  call_id: string;
  /** What I have seen of the call: sent as `seen` with everything that I ask of it. Changes with who is in it and with its stage. */
  revision: string;
  type: string;
  stage: CallStage;
  /** We call the customer, once the agent is there. */
  callback: boolean;
  caller_number: string | null;
  caller_name: string | null;
  queue: string | null;
  dialled: string | null;
  queued_at: string | null;
  offered_at: string | null;
  answered_at: string | null;
  /** When the first agent answered; earlier than `answered_at` when the call was handed over to me. */
  served_at: string | null;
  ended_at: string | null;
  muted: boolean;
  recorded: boolean;
  recording_paused: boolean;
  /** It is to be recorded, and is not. */
  recording_failed: boolean;
  guest: Guest | null;
  last_guest: LastGuest | null;
  participants: Participant[];
  /** Who ended the call, in wrap-up. */
  ended_by: "customer" | "agent" | "system" | null;
  /** Who brought me into this call; null when it is my own. */
  brought_by: string | null;
  wrap_up_codes: WrapUpCode[];
  wrap_up_code_required: boolean;
}

export interface Desk {
  cursor: string;
  server_time: string;
  agent: Agent;
  phone: Phone;
  queues: Queue[];
  memberships: { items: Membership[] };
  pause_reasons: string[];
  call: Call | null;
  voicemails: { count: number; newest_at: string | null };
  /** Everybody on the floor; null for an agent. */
  agents: Colleague[] | null;
  /** False when the agent may not call out; left out means that the server decides call by call. */
  /** Nodes whose disks are nearly full, with the megabytes that are left; null for an agent. */
  low_disks: { node: string; megabytes: number }[] | null;
  can_dial?: boolean;
}

export interface PhoneCredentials {
  uri: string;
  username: string;
  ha1: string;
  realm: string;
  ws_path: string;
}

export interface PastCall {
  call_id: string;
  type: string;
  disposition: string;
  caller_number: string | null;
  caller_name: string | null;
  queue: string | null;
  wrap_up_code: string | null;
  started_at: string;
  /** Seconds of talk, of my own part alone if others had the call before or after; of ringing, when a call by hand was not answered. */
  duration: number;
  part: "own" | "passed_on" | "brought_in" | "missed" | null;
  /** How it counts in my rate; null when it does not. */
  counted: "answered" | "not_answered" | null;
  /** Seconds in line. */
  waited: number;
  ended_by: string | null;
  /** How it left a queue that did not serve it. */
  exit: string | null;
  agent: string | null;
  /** Why a call of ours was not answered, by what its carrier said. */
  failure: string | null;
  /** What became of the recording of the talk; null when none was made. */
  recording: "stored" | "short" | "failed" | "removed" | null;
  /** What has followed a call whose caller nobody served: we called (`dialled`), or the caller called again and was served. */
  called_back: { agent: string; at: string; goes_on: boolean; dialled: boolean } | null;
}

export interface Rate {
  answered: number;
  not_answered: number;
}

export interface Rates {
  time_zone: string;
  /** When today is over. */
  until: string;
  month: Rate;
  yesterday: Rate;
}

export interface Voicemail {
  id: string;
  queue: string;
  caller_number: string | null;
  caller_name: string | null;
  seconds: number;
  left_at: string;
  heard_at: string | null;
  heard_by: string | null;
}

export interface Change {
  id: number;
  at: string;
  state: AgentState;
  reason: string | null;
  queue: string | null;
}
