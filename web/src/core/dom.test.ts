// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { element, onClick, placeRows, say, setOff, setPending } from "./dom";

beforeEach(() => document.body.replaceChildren());

test("a line is there only while it says something", () => {
  const line = element("p", { hidden: true });
  say(line, "Not now.");
  expect([line.hidden, line.textContent]).toEqual([false, "Not now."]);
  say(line, null);
  expect([line.hidden, line.textContent]).toEqual([true, ""]);
  say(null, "Nobody hears it.");
});

test("what is given as text never becomes markup", () => {
  expect(element("p", {}, "<b>Zoë</b>").children).toHaveLength(0);
});

test("a row that moves keeps the keyboard", () => {
  const body = element("div");
  document.body.append(body);
  const rows = ["one", "two"].map((name) => element("div", {}, element("button", { id: name })));
  placeRows(body, rows);
  const button = document.getElementById("two");
  button?.focus();
  placeRows(body, rows.toReversed());
  expect([...body.children]).toEqual(rows.toReversed());
  expect(document.activeElement).toBe(button);
});

test("rows that are as they were are not touched", () => {
  const body = element("div");
  const rows = [element("p"), element("p")];
  placeRows(body, rows);
  const replaced = vi.spyOn(body, "replaceChildren");
  placeRows(body, [...rows]);
  expect(replaced).not.toHaveBeenCalled();
});

test("a button that is off, waits or is hidden does nothing, also one that comes later", () => {
  const pressed = vi.fn();
  onClick("button", (button) => pressed(button.id));
  const [off, waits, fine, hidden] = ["off", "waits", "fine", "hidden"].map((id) => element("button", { id })) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  document.body.append(off, waits, fine, element("div", { hidden: true }, hidden));
  setOff(off, true);
  setPending(waits, true);
  for (const button of [off, waits, fine, hidden]) button.click();
  expect(pressed.mock.calls).toEqual([["fine"]]);
  setOff(off, false);
  setPending(waits, false);
  off.click();
  waits.click();
  expect(pressed.mock.calls.flat()).toEqual(["fine", "off", "waits"]);
});
