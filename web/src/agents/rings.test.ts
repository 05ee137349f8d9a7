// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { rings } from "./rings";

function slices(answered: number, not_answered: number): (string | undefined)[] {
  const drawing = rings({ answered, not_answered }, { answered: 0, not_answered: 0 }, "", "in words");
  return [...drawing.querySelectorAll<SVGElement>("[data-slice^=month]")].map((slice) => slice.dataset.slice);
}

test("each kind of call has a slice, and none where there were none", () => {
  expect(slices(3, 1)).toEqual(["month-answered", "month-not-answered"]);
  expect(slices(3, 0)).toEqual(["month-answered"]);
  expect(slices(0, 2)).toEqual(["month-not-answered"]);
  expect(slices(0, 0)).toEqual(["month-none"]);
});

test("a whole turn is drawn as two halves of each edge, since an arc to its own beginning is nothing", () => {
  const drawing = rings({ answered: 1, not_answered: 0 }, { answered: 0, not_answered: 0 }, "", "in words");
  expect(drawing.querySelector("[data-slice=month-answered]")?.getAttribute("d")?.match(/A /g)).toHaveLength(4);
});

test("more than half takes the long way round", () => {
  const arc = (answered: number): string | undefined =>
    rings({ answered, not_answered: 4 - answered }, { answered: 0, not_answered: 0 }, "", "")
      .querySelector("[data-slice=month-answered]")
      ?.getAttribute("d")
      ?.match(/A 59 59 0 (\d)/)?.[1];
  expect([arc(1), arc(2), arc(3)]).toEqual(["0", "0", "1"]);
});

test("the drawing says the same in words", () => {
  const none = { answered: 0, not_answered: 0 };
  expect(rings(none, none, "", "No calls yet").getAttribute("aria-label")).toBe("No calls yet");
});

test("the share stands in the middle", () => {
  const some = { answered: 3, not_answered: 1 };
  expect(rings(some, some, "75 %", "in words").querySelector("text")?.textContent).toBe("75 %");
});
