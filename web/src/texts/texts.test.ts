import { expect, test } from "vitest";
import { t } from "./texts";

test("a text is filled in", () => {
  expect(t("calls.title")).toBe("My calls");
  expect(t("calls.callBackWho", { who: "<b>Ada</b> & Co" })).toBe("Call back <b>Ada</b> & Co");
});

test.each([
  [1, "1 call"],
  [2, "2 calls"],
  [1200, "1,200 calls"],
])("%d is told in its plural, as numbers are written", (count, words) => {
  expect(t("calls.count", { count })).toBe(words);
});

test("the compiler knows which texts there are, and what they need", () => {
  // @ts-expect-error No such text.
  t("calls.nothing");
  // @ts-expect-error It needs a name.
  t("calls.callBackWho");
  // @ts-expect-error It needs another one.
  t("calls.callBackWho", { whom: "Ada" });
  // @ts-expect-error A plural needs its count.
  t("calls.count", {});
});
