import { afterEach, expect, test, vi } from "vitest";
import { Cell, renderOn } from "./cell";

afterEach(() => vi.unstubAllGlobals());

test("a watcher hears the new value and the one before, and nothing when nothing has changed", () => {
  const cell = new Cell(1);
  const heard = vi.fn();
  cell.watch(heard);
  cell.value = 2;
  cell.value = 2;
  expect(heard.mock.calls).toEqual([[2, 1]]);
});

test("a watcher that throws is reported and does not blind those after it", () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const cell = new Cell(1);
  const heard = vi.fn();
  const fault = new Error("a fault");
  cell.watch(() => {
    throw fault;
  });
  cell.watch(heard);
  cell.value = 2;
  expect(heard).toHaveBeenCalledOnce();
  expect(reported).toHaveBeenCalledWith(fault);
});

test("who has stopped hears nothing more", () => {
  const cell = new Cell(1);
  const heard = vi.fn();
  cell.watch(heard)();
  cell.value = 2;
  expect(heard).not.toHaveBeenCalled();
});

test("what is drawn is drawn at once, and after a change of any cell", () => {
  const [one, other] = [new Cell(1), new Cell("a")];
  const drawn: string[] = [];
  renderOn([one, other], () => drawn.push(`${one.value}${other.value}`));
  one.value = 2;
  other.value = "b";
  expect(drawn).toEqual(["1a", "2a", "2b"]);
});
