import { expect, test } from "vitest";
import { colleague, desk, queue } from "../testing/desk";
import type { Desk } from "./contract";
import { type Change, changed } from "./slices";

function after(before: Desk, event: Change["event"], data: unknown): Desk {
  return changed(before, { event, data } as Change);
}

test("a queue that is known is replaced in its place, and the others stay the same objects", () => {
  const before = desk({ queues: [queue({ queue_id: "q1" }), queue({ queue_id: "q2" })] });
  const { queues } = after(before, "queue", queue({ queue_id: "q1", waiting: 3 }));
  expect(queues.map(({ queue_id, waiting }) => [queue_id, waiting])).toEqual([
    ["q1", 3],
    ["q2", 0],
  ]);
  expect(queues[1]).toBe(before.queues[1]);
});

test("a queue that is new comes last", () => {
  const { queues } = after(desk(), "queue", queue({ queue_id: "q9" }));
  expect(queues.map(({ queue_id }) => queue_id)).toEqual(["q1", "q9"]);
});

test("a colleague comes, changes and goes", () => {
  const came = after(desk({ agents: [] }), "colleague", colleague());
  const changed = after(came, "colleague", colleague({ state: "paused" }));
  expect(changed.agents?.map(({ state }) => state)).toEqual(["paused"]);
  expect(after(changed, "colleague-gone", { user_id: "u2" }).agents).toEqual([]);
});

test.each(["agent", "call", "phone", "memberships", "voicemails"] as const)(
  "%s replaces that slice and nothing else",
  (event) => {
    const before = desk();
    const data = { marked: event };
    expect(after(before, event, data)).toEqual({ ...before, [event]: data });
  },
);

test("a whole desk replaces all", () => {
  const whole = desk({ cursor: "7" });
  expect(after(desk(), "desk", whole)).toBe(whole);
});
