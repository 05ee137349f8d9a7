import { expect, test } from "vitest";
import { listed, pauseWords } from "./words";

test.each([
  [[], ""],
  [["Support"], "Support"],
  [["Support", "Sales"], "Support and Sales"],
  [["Support", "Sales", "Billing"], "Support, Sales and Billing"],
  [["Support", "Sales", "Billing", "Returns"], "Support, Sales and 2 more"],
])("%j is listed as %s", (names, sentence) => expect(listed(names)).toBe(sentence));

test.each([
  [{ state: "paused", reason: "Lunch", wanted: null }, "Lunch"],
  [{ state: "paused", reason: null, wanted: null }, ""],
  [{ state: "on_call", reason: "Lunch", wanted: "paused" }, "then Lunch"],
  [{ state: "on_call", reason: null, wanted: "paused" }, "then paused"],
  [{ state: "on_call", reason: null, wanted: "offline" }, ""],
  [{ state: "idle", reason: null, wanted: null }, ""],
] as const)("of %j it is said: %s", (agent, words) => expect(pauseWords(agent)).toBe(words));
