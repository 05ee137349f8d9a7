// Which queues are shown, and in which order: few stand still by name; of many those come first in which somebody waits.

import type { Colleague, Membership, Queue } from "../api/contract";

/** So many can be taken in at a glance, and stand still. */
const FEW = 8;

export interface Shown {
  rows: Queue[];
  /** How many quiet ones are folded away. */
  folded: number;
}

export function areMany(queues: readonly Queue[]): boolean {
  return queues.length > FEW;
}

export function shownQueues(
  queues: readonly Queue[],
  mine: ReadonlyMap<string, Membership>,
  wanted: string,
  unfolded: boolean,
): Shown {
  if (!areMany(queues)) return { rows: [...queues], folded: 0 };
  const ordered = [...queues].sort((one, other) => urgency(one) - urgency(other) || 0);
  const search = wanted.trim().toLocaleLowerCase();
  if (search) return { rows: ordered.filter((queue) => queue.name.toLocaleLowerCase().includes(search)), folded: 0 };
  if (unfolded) return { rows: ordered, folded: 0 };
  const needed = ordered.filter((queue) => queue.waiting > 0 || mine.get(queue.queue_id)?.paused_at);
  const quiet = ordered.filter((queue) => !needed.includes(queue));
  const rows = [...needed, ...quiet.slice(0, Math.max(0, FEW - needed.length))];
  return { rows, folded: queues.length - rows.length };
}

/** Whose first caller has waited longest comes first; all quiet ones keep their order. */
function urgency(queue: Queue): number {
  return queue.waiting > 0 && queue.longest_since !== null ? Date.parse(queue.longest_since) : Number.MAX_SAFE_INTEGER;
}

/** How many could take a call of each queue now. */
export function freeFor(agents: readonly Colleague[]): ReadonlyMap<string, number> {
  const free = new Map<string, number>();
  for (const agent of agents) {
    if (!isFree(agent)) continue;
    for (const queue of agent.serves) free.set(queue, (free.get(queue) ?? 0) + 1);
  }
  return free;
}

export function isFree(agent: Colleague): boolean {
  return agent.state === "idle" && agent.not_offered === null;
}
