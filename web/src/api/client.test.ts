// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { get, Refusal, reasonFor, Unreachable } from "./client";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(text, { status })),
  );
}

async function refused(): Promise<Refusal> {
  const error = await get("/api/v1/anything").catch((thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw error;
  return error;
}

test("a refusal says what the server says, and what is wrong with each field", async () => {
  const errors = [
    { field: "name", message: "At most 80 characters." },
    { field: "queue_id", message: "There is no such queue." },
  ];
  answer(422, { detail: "Two fields cannot be used.", errors });
  const error = await refused();
  expect([error.status, error.message]).toEqual([422, "Two fields cannot be used."]);
  expect([...error.fields]).toEqual([
    ["name", "At most 80 characters."],
    ["queue_id", "There is no such queue."],
  ]);
});

test.each([
  [{ detail: "No.", errors: null }, "No."],
  [{ detail: "No.", errors: [null, "x", { field: 1, message: 2 }] }, "No."],
  [{ title: "Refused" }, "Refused"],
  [{ detail: 7 }, "Everline did not allow that."],
  ["<html>", "Everline did not allow that."],
])("a refusal of another kind, %j, is told all the same", async (body, words) => {
  answer(409, body);
  const error = await refused();
  expect([error.message, error.fields.size]).toEqual([words, 0]);
});

test("a server that restarts is unreachable, and does not refuse", async () => {
  answer(503, {});
  await expect(get("/api/v1/anything")).rejects.toBeInstanceOf(Unreachable);
});

test("an error that nobody foresaw is reported, and its words are not shown", () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const fault = new TypeError("x is undefined");
  expect(reasonFor(fault)).not.toContain("undefined");
  expect(reported).toHaveBeenCalledWith(fault);
  expect(reasonFor(new Refusal(409, "The call is over."))).toBe("The call is over.");
});
