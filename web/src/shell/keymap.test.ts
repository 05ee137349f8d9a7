// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { ACTIONS, actionOf, assign, capsOf, keyOf, keys, objection, resetAll, USUAL } from "./keymap";

beforeEach(() => {
  localStorage.clear();
  resetAll();
});

test("no two actions have one usual key, and nothing can be said against any of them", () => {
  expect(new Set(Object.values(USUAL)).size).toBe(ACTIONS.length);
  expect(ACTIONS.map((action) => objection(action, USUAL[action])).filter(Boolean)).toEqual([]);
});

test("a key that is taken is exchanged", () => {
  expect(assign("mute", "h")).toBeNull();
  expect([keys.value.mute, keys.value.hold]).toEqual(["h", "m"]);
});

test("no exchange gives what ends a call a small letter", () => {
  expect(assign("mute", "E")).toMatch(/^What ends a call needs Shift/);
  expect([keys.value.mute, keys.value.end]).toEqual(["m", "E"]);
});

test.each([
  ["mute", "1", /^The digits/],
  ["mute", "Tab", /^Tab has a use of its own/],
  ["mute", " ", /^Space has a use of its own/],
  ["mute", "F5", /^F5 has a use of its own/],
  ["end", "e", /needs Shift/],
  ["decline", "ä", /needs Shift/],
  ["end", "?", /needs Shift/],
] as const)("%s cannot have the key %j", (action, key, why) => expect(objection(action, key)).toMatch(why));

test.each([
  ["mute", "ä"],
  ["mute", "#"],
  ["mute", "F8"],
  ["end", "Z"],
  ["end", "F8"],
] as const)("%s can have the key %s", (action, key) => expect(objection(action, key)).toBeNull());

test("after any exchange each key does one thing and each action has a key", () => {
  for (const action of ACTIONS) for (const other of ACTIONS) assign(action, USUAL[other]);
  expect(new Set(Object.values(keys.value)).size).toBe(ACTIONS.length);
  expect(ACTIONS.filter((action) => objection(action, keys.value[action]))).toEqual([]);
});

test("a key is what comes out with Shift, and a small letter without", () => {
  expect(keyOf(new KeyboardEvent("keydown", { key: "E", shiftKey: true }))).toBe("E");
  expect(keyOf(new KeyboardEvent("keydown", { key: "E" }))).toBe("e");
  expect(keyOf(new KeyboardEvent("keydown", { key: "F8" }))).toBe("F8");
  expect([capsOf("D"), capsOf("a"), capsOf("?")]).toEqual([["Shift", "D"], ["A"], ["?"]]);
});

test("what was chosen is there after the page was loaded anew", async () => {
  assign("hold", "z");
  vi.resetModules();
  const anew = await import("./keymap");
  expect([anew.actionOf("z"), anew.actionOf("h")]).toEqual(["hold", null]);
});

test.each([
  ['{"hold": "m"}', "two actions on one key"],
  ['{"end": "e"}', "a small letter that ends a call"],
  ['{"hold": 7}', "no text"],
  ["{", "no JSON"],
])("kept keys that make no sense are the usual ones: %s", async (kept, _why) => {
  localStorage.setItem("everline.keys.", kept);
  vi.resetModules();
  expect((await import("./keymap")).keys.value).toEqual(USUAL);
});

test("a key without an action does nothing", () => expect(actionOf("y")).toBeNull());
