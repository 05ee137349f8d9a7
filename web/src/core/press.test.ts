// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isQuiet, mountQuiet, QUIET_MS, setMeaning } from "./press";

let button: HTMLButtonElement;
const pressed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  pressed.mockReset();
  button = document.createElement("button");
  document.body.replaceChildren(button);
  button.addEventListener("click", pressed);
});
afterEach(() => vi.useRealTimers());
mountQuiet();

test("a button that gets another meaning takes no press for a moment, and says so", () => {
  setMeaning(button, "answer");
  vi.advanceTimersByTime(QUIET_MS);
  setMeaning(button, "mute");
  button.click();
  expect(pressed).not.toHaveBeenCalled();
  expect(button.dataset.quiet).toBe("");
  vi.advanceTimersByTime(QUIET_MS);
  button.click();
  expect(pressed).toHaveBeenCalledOnce();
  expect(button.dataset.quiet).toBeUndefined();
});

test("the same meaning again does not make it rest", () => {
  setMeaning(button, "mute");
  vi.advanceTimersByTime(QUIET_MS);
  setMeaning(button, "mute");
  expect(isQuiet(button)).toBe(false);
});

test("a harmless meaning may be pressed at once", () => {
  setMeaning(button, "stay", true);
  expect(isQuiet(button)).toBe(false);
});

test("a button that vanishes and comes back rests anew", () => {
  setMeaning(button, "mute");
  vi.advanceTimersByTime(QUIET_MS);
  setMeaning(button, null);
  expect(isQuiet(button)).toBe(false);
  setMeaning(button, "mute");
  expect(isQuiet(button)).toBe(true);
});
