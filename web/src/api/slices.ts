// What each event of the live line replaces in the desk.

import type { Agent, Call, Colleague, Desk, Phone, Queue } from "./contract";

export type Slice = (desk: Desk, data: unknown) => Desk;

/** Event -> the desk with what it brings. */
export const SLICES: Record<string, Slice> = {
  desk: (_, data) => data as Desk,
  agent: (desk, data) => ({ ...desk, agent: data as Agent }),
  call: (desk, data) => ({ ...desk, call: data as Call | null }),
  phone: (desk, data) => ({ ...desk, phone: data as Phone }),
  memberships: (desk, data) => ({ ...desk, memberships: data as Desk["memberships"] }),
  voicemails: (desk, data) => ({ ...desk, voicemails: data as Desk["voicemails"] }),
  queue: (desk, data) => ({ ...desk, queues: withQueue(desk.queues, data as Queue) }),
  colleague: (desk, data) => ({ ...desk, agents: withColleague(desk.agents ?? [], data as Colleague) }),
  "colleague-gone": (desk, data) => ({ ...desk, agents: withoutColleague(desk.agents ?? [], data as Colleague) }),
};

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
