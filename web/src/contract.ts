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
  reason: string | null;
}

export interface Phone {
  kind: "web" | "sip";
  extension: string;
  registered: boolean;
  since: string;
}

export interface Queue {
  queue_id: string;
  name: string;
  waiting: number;
  longest_since: string | null;
}

export type CallStage = "offered" | "connected" | "wrap_up";

export interface Call {
  call_id: string;
  type: string;
  stage: CallStage;
  caller_number: string | null;
  caller_name: string | null;
  queue: string | null;
  dialled: string | null;
  queued_at: string | null;
  offered_at: string | null;
  answered_at: string | null;
  ended_at: string | null;
  muted: boolean;
  recorded: boolean;
}

export interface Desk {
  cursor: string;
  server_time: string;
  agent: Agent;
  phone: Phone;
  queues: Queue[];
  call: Call | null;
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
  started_at: string;
  duration: number;
}
