import { expect, test } from "vitest";
import { keyed } from "./wrap-up";

test("codes without keys get the digits that are left, in order", () => {
  const codes = [
    { name: "Solved", key: null },
    { name: "Refund", key: "1" },
    { name: "Other", key: null },
  ];
  expect(keyed(codes).map(({ key }) => key)).toEqual(["2", "1", "3"]);
});

test("of two codes with one key the first has it", () => {
  const codes = [
    { name: "Solved", key: "5" },
    { name: "Refund", key: "5" },
  ];
  expect(keyed(codes).map(({ key }) => key)).toEqual(["5", "1"]);
});

test("a tenth code has no key", () => {
  const codes = Array.from({ length: 10 }, (_, at) => ({ name: `Code ${at}`, key: null }));
  expect(keyed(codes).at(-1)?.key).toBeNull();
});
