import { expect, test } from "vitest";
import { queue, waitingCall } from "../testing/desk";
import { inOrder } from "./waiting-order";

const entry = (call_id: string, minute: number, place: number | null) => ({
  call: waitingCall({ call_id, place, entered_at: `2026-11-28T10:0${minute}:00+00:00` }),
  queue: queue(),
});
const ENTRIES = [entry("second", 1, 2), entry("later", 0, null), entry("young first", 5, 1), entry("old first", 3, 1)];
const ids = (order: "newest" | "turn") => inOrder(ENTRIES, order).map(({ call }) => call.call_id);

test("the newest comes first", () => expect(ids("newest")).toEqual(["young first", "old first", "second", "later"]));

test("by turn, of two with one turn who has waited longer comes first; who is called later comes last", () =>
  expect(ids("turn")).toEqual(["old first", "young first", "second", "later"]));
