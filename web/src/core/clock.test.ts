// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { formatDuration, formatMoment, secondsBetween, setClock, startClocks, syncClock } from "./clock";

const NOON = Date.parse("2026-11-28T12:00:00+00:00");

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  syncClock("2026-11-28T12:00:00+00:00", NOON);
  document.body.dataset.timeZone = "Europe/Berlin";
});
afterEach(() => vi.useRealTimers());

test.each([
  [-3, "00:00"],
  [0, "00:00"],
  [59.9, "00:59"],
  [65, "01:05"],
  [3599, "59:59"],
  [3665, "1:01:05"],
  [36_000, "10:00:00"],
])("%d seconds are shown as %s", (seconds, shown) => expect(formatDuration(seconds)).toBe(shown));

test("a moment of today has only its time, in the centre's time zone", () => {
  expect(formatMoment("2026-11-28T08:05:00+00:00")).toBe("09:05");
});

test("today is the centre's day and not that of the clock in UTC", () => {
  expect(formatMoment("2026-11-27T23:30:00+00:00")).toBe("00:30");
  expect(formatMoment("2026-11-27T22:30:00+00:00")).toBe("27 Nov, 23:30");
});

test("the time between two moments is in seconds, whatever their offsets", () => {
  expect(secondsBetween("2026-11-28T12:00:00+00:00", "2026-11-28T13:00:30+01:00")).toBe(30);
});

test("a clock counts by the server's time, also when this machine's clock is wrong", () => {
  syncClock("2026-11-28T12:10:00+00:00", NOON);
  const clock = document.createElement("span");
  setClock(clock, "since", "2026-11-28T12:09:00+00:00");
  expect(clock.textContent).toBe("01:00");
});

test("a running clock goes on by itself, one that is stopped shows its idle word", () => {
  const clock = document.createElement("span");
  document.body.append(clock);
  startClocks();
  setClock(clock, "until", "2026-11-28T12:01:00+00:00");
  vi.advanceTimersByTime(1000);
  expect(clock.textContent).toBe("00:59");
  setClock(clock, "until", null, "–");
  vi.advanceTimersByTime(1000);
  expect(clock.textContent).toBe("–");
});
