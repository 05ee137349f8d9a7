// A desk for unit tests: an idle agent with a browser phone and one queue in which nobody waits.

import type { Agent, Colleague, Desk, Phone, Queue, WaitingCall } from "../api/contract";

const AT = "2026-11-28T10:00:00+00:00";

export function agent(parts: Partial<Agent> = {}): Agent {
  return {
    user_id: "u1",
    agent_id: "1001",
    name: "Anna Berg",
    role: "agent",
    state: "idle",
    since: AT,
    until: null,
    reason: null,
    wanted: null,
    missed: 0,
    not_offered: null,
    ...parts,
  };
}

export function phone(parts: Partial<Phone> = {}): Phone {
  return {
    kind: "web",
    extension: "1001",
    registered: true,
    since: AT,
    refused: null,
    refused_at: null,
    microphone: true,
    ...parts,
  };
}

export function queue(parts: Partial<Queue> = {}): Queue {
  return { queue_id: "q1", name: "Support", waiting: 0, longest_since: null, leaving: 0, calls: [], ...parts };
}

export function waitingCall(parts: Partial<WaitingCall> = {}): WaitingCall {
  return {
    call_id: "c1",
    customer: { display: "+49 30 23125001", handle: "number:+493023125001" },
    customer_name: "",
    entered_at: AT,
    priority: 50,
    place: 1,
    ringing: false,
    callback: false,
    next_at: null,
    ...parts,
  };
}

export function colleague(parts: Partial<Colleague> = {}): Colleague {
  return {
    user_id: "u2",
    agent_id: "1002",
    name: "Mona Lindqvist",
    role: "agent",
    state: "idle",
    since: AT,
    until: null,
    reason: null,
    wanted: null,
    extension: "1002",
    reachable: true,
    pauses: [],
    not_offered: null,
    serves: ["q1"],
    call: null,
    ...parts,
  };
}

export function desk(parts: Partial<Desk> = {}): Desk {
  const queues = parts.queues ?? [queue()];
  return {
    cursor: "1",
    server_time: AT,
    agent: agent(),
    phone: phone(),
    queues,
    memberships: { items: queues.map(({ queue_id }) => ({ queue_id, paused_at: null, paused_reason: null })) },
    pause_reasons: [],
    call: null,
    voicemails: { count: 0, newest_at: null },
    agents: null,
    low_disks: null,
    can_dial: true,
    permissions: ["take_calls"],
    ...parts,
  };
}
