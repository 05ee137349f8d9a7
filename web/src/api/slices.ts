// What each event of the live line replaces in the desk.

import type { Colleague, Desk, LiveEvent, Queue } from "./contract";

/** The events that change the desk; what the others say is their name. */
export type Change = Exclude<LiveEvent, { event: "heartbeat" | "session-replaced" }>;
type Slices = { [E in Change as E["event"]]: (desk: Desk, data: E["data"]) => Desk };

/** Event -> the desk with what it brings. */
const SLICES: Slices = {
  desk: (_, desk) => desk,
  agent: (desk, agent) => ({ ...desk, agent }),
  call: (desk, call) => ({ ...desk, call }),
  phone: (desk, phone) => ({ ...desk, phone }),
  memberships: (desk, memberships) => ({ ...desk, memberships }),
  voicemails: (desk, voicemails) => ({ ...desk, voicemails }),
  queue: (desk, queue) => ({ ...desk, queues: withQueue(desk.queues, queue) }),
  colleague: (desk, agent) => ({ ...desk, agents: withColleague(desk.agents ?? [], agent) }),
  "colleague-gone": (desk, gone) => ({ ...desk, agents: withoutColleague(desk.agents ?? [], gone) }),
};

export const CHANGES = Object.keys(SLICES) as readonly Change["event"][];

export function changed(desk: Desk, { event, data }: Change): Desk {
  return (SLICES[event] as (desk: Desk, data: Change["data"]) => Desk)(desk, data);
}

function withQueue(queues: readonly Queue[], changed: Queue): Queue[] {
  const known = queues.some((queue) => queue.queue_id === changed.queue_id);
  if (!known) return [...queues, changed];
  return queues.map((queue) => (queue.queue_id === changed.queue_id ? changed : queue));
}

function withColleague(agents: readonly Colleague[], changed: Colleague): Colleague[] {
  const known = agents.some((agent) => agent.user_id === changed.user_id);
  if (!known) return [...agents, changed];
  return agents.map((agent) => (agent.user_id === changed.user_id ? changed : agent));
}

function withoutColleague(agents: readonly Colleague[], gone: { user_id: string }): Colleague[] {
  return agents.filter((agent) => agent.user_id !== gone.user_id);
}
