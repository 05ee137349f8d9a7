// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Scope } from "../core/scope";
import { countWords, Listing } from "./listing";

const asked: string[] = [];
let answers: (() => Promise<unknown>)[] = [];

function part(items: number[], next: string | null = null): () => Promise<unknown> {
  return () => Promise.resolve({ items, next, count: 9 });
}

beforeEach(() => {
  asked.length = 0;
  answers = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    const body = await (answers.shift() as () => Promise<unknown>)();
    return { ok: true, status: 200, json: async () => body };
  });
});
afterEach(() => vi.unstubAllGlobals());

function listing(): Listing<number> {
  return new Listing<number>(new Scope(document.createElement("div")), "users", "/api/v1/users", "after");
}

test("a part more is added behind those that are shown, under the same filters", async () => {
  const list = listing();
  answers = [part([1, 2], "2"), part([3])];
  await list.load({ text: "an", role: "" });
  await list.more();
  expect(list.value.value).toEqual({ items: [1, 2, 3], next: null, count: 9 });
  expect(asked).toEqual(["/api/v1/users?text=an&limit=50", "/api/v1/users?text=an&limit=50&after=2"]);
  await list.more();
  expect(asked).toHaveLength(2);
});

test("a list that is counted only at its beginning stays counted", async () => {
  const list = listing();
  const second = { items: [3], next: null, count: null };
  answers = [part([1, 2], "2"), () => Promise.resolve(second)];
  await list.load({});
  await list.more();
  expect(list.value.value?.count).toBe(9);
});

test("an answer that comes after a later question is not shown", async () => {
  const list = listing();
  let late: (body: unknown) => void = () => undefined;
  answers = [() => new Promise((resolve) => (late = resolve)), part([2])];
  const first = list.load({ text: "a" });
  await list.load({ text: "ab" });
  late({ items: [1], next: null, count: 1 });
  await first;
  expect(list.value.value?.items).toEqual([2]);
});

test("what was known stays when it cannot be fetched anew", async () => {
  const list = listing();
  answers = [part([1]), () => Promise.reject(new TypeError("no network"))];
  await list.load({});
  await list.load();
  expect(list.value.value?.items).toEqual([1]);
  expect(list.failure.value).toContain("cannot be reached");
});

test("a list that is counted less far says so", () => {
  expect(countWords("calls", 200, 200)).toBe("200 calls or more");
});

test.each([
  [0, "No users"],
  [1, "1 user"],
  [14, "14 users"],
  [1000, "1,000 users or more"],
])("%d is counted as %s", (count, words) => {
  expect(countWords("users", count)).toBe(words);
});
