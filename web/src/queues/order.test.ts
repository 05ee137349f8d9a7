import { expect, test } from "vitest";
import { colleague, queue } from "../testing/desk";
import { freeFor, shownQueues } from "./order";

const at = (minute: number): string => `2026-11-28T10:0${minute}:00+00:00`;
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => queue({ queue_id: `q${index}`, name: `Queue ${index}` }));

test("few queues stand still, whoever waits", () => {
  const queues = [queue({ queue_id: "a" }), queue({ queue_id: "b", waiting: 2, longest_since: at(0) })];
  expect(shownQueues(queues, new Map(), "", false)).toEqual({ rows: queues, folded: 0 });
});

test("of many, those come first in which somebody has waited longest, and quiet ones are folded", () => {
  const queues = [
    ...many(10),
    queue({ queue_id: "late", waiting: 1, longest_since: at(5) }),
    queue({ queue_id: "early", waiting: 1, longest_since: at(1) }),
  ];
  const { rows, folded } = shownQueues(queues, new Map(), "", false);
  expect(rows.map(({ queue_id }) => queue_id).slice(0, 3)).toEqual(["early", "late", "q0"]);
  expect([rows.length, folded]).toEqual([8, 4]);
});

test("a queue for which one is paused is never folded away", () => {
  const paused = { queue_id: "q9", paused_at: at(0), paused_reason: null };
  const { rows } = shownQueues(many(10), new Map([["q9", paused]]), "", false);
  expect(rows.map(({ queue_id }) => queue_id)).toContain("q9");
});

test("a search looks through all, without regard to capitals", () => {
  expect(shownQueues(many(12), new Map(), " queue 11 ", false).rows.map(({ name }) => name)).toEqual(["Queue 11"]);
});

test("only who is idle and gets calls is free", () => {
  const free = freeFor([
    colleague({ serves: ["q1", "q2"] }),
    colleague({ serves: ["q1"] }),
    colleague({ serves: ["q1"], state: "paused" }),
    colleague({ serves: ["q1"], not_offered: "no_phone" }),
  ]);
  expect([free.get("q1"), free.get("q2")]).toEqual([2, 1]);
});
