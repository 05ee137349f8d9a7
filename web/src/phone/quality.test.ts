import { expect, test } from "vitest";
import { isPoor, summary } from "./quality";

const GOOD = { jitterMs: 5, loss: 0, roundTripMs: 40 };

test("a summary is the mean of all samples, and of the round trips that are known", () => {
  const samples = [
    { jitterMs: 10, loss: 0.02, roundTripMs: 100 },
    { jitterMs: 20, loss: 0, roundTripMs: null },
    { jitterMs: 30, loss: 0.01, roundTripMs: 200 },
  ];
  expect(summary(samples)).toEqual({ jitter_ms: 20, loss: 0.01, round_trip_ms: 150, samples: 3 });
});

test("without any round trip there is none, and not zero", () => {
  expect(summary([{ ...GOOD, roundTripMs: null }]).round_trip_ms).toBeNull();
});

test.each([
  [{}, false],
  [{ jitterMs: 30 }, false],
  [{ jitterMs: 31 }, true],
  [{ loss: 0.031 }, true],
  [{ roundTripMs: 301 }, true],
  [{ roundTripMs: null }, false],
])("%j makes a line poor: %s", (part, poor) => expect(isPoor({ ...GOOD, ...part })).toBe(poor));
