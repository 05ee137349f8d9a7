import { expect, test } from "vitest";
import { Refusal, Unreachable } from "../api/client";
import { reportOf } from "./error-reports";

test("an error is told with its kind, its words and its places in our scripts", () => {
  const error = new TypeError("x is undefined");
  error.stack = `TypeError: x is undefined
    at one (https://localhost:8443/static/dist/shell-0A1B2C3D.js:1:2345)
    at https://localhost:8443/static/dist/chunk-0A1B2C3D.js:7:1
    at chrome-extension://abcdef/content.js:1:1`;
  expect(reportOf(error, error.message, "/calls")).toEqual({
    name: "TypeError",
    message: "x is undefined",
    places: ["/static/dist/shell-0A1B2C3D.js:1:2345", "/static/dist/chunk-0A1B2C3D.js:7:1"],
    page: "/calls",
  });
});

test("what the user is told of anyway, and what is no error, is not told", () => {
  expect(reportOf(new Refusal(409, "The call is over."), "The call is over.", "/")).toBeNull();
  expect(reportOf(new Unreachable("No answer"), "No answer", "/")).toBeNull();
  const benign = "ResizeObserver loop completed with undelivered notifications.";
  expect(reportOf(undefined, benign, "/")).toBeNull();
});

test("a report is bounded, whatever was thrown", () => {
  const report = reportOf("a text", "x".repeat(900), "/");
  expect([report?.name, report?.message.length, report?.places]).toEqual(["Error", 500, []]);
  const error = new Error("deep");
  error.stack = "at /static/dist/shell-0A1B2C3D.js:1:1\n".repeat(50);
  expect(reportOf(error, "deep", "/")?.places).toHaveLength(20);
});
