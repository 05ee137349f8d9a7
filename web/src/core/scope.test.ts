// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Cell } from "./cell";
import { Scope } from "./scope";

let scope: Scope;
const heard = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  heard.mockReset();
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  scope = new Scope(root);
});
afterEach(() => vi.useRealTimers());

test("nothing that a page has begun goes on after it was left", () => {
  const cell = new Cell(1);
  scope.root.innerHTML = "<button></button>";
  scope.watch(cell, heard);
  scope.render([cell], heard);
  scope.every(1000, heard);
  scope.onClick("button", heard);
  heard.mockReset();
  scope.end();
  cell.value = 2;
  vi.advanceTimersByTime(5000);
  scope.root.querySelector("button")?.click();
  expect(heard).not.toHaveBeenCalled();
});

test("as long as it is there, all of it goes on", () => {
  const cell = new Cell(1);
  scope.root.innerHTML = "<button></button>";
  scope.watch(cell, () => heard("watch"));
  scope.every(1000, () => heard("timer"));
  scope.onClick("button", () => heard("click"));
  cell.value = 2;
  vi.advanceTimersByTime(1000);
  scope.root.querySelector("button")?.click();
  expect(heard.mock.calls.flat()).toEqual(["watch", "timer", "click"]);
});

test("what is to be done at the end is done once", () => {
  scope.onEnd(heard);
  scope.end();
  scope.end();
  expect(heard).toHaveBeenCalledOnce();
  expect(scope.isOver).toBe(true);
});
