import { expect, test } from "vitest";
import { agent, desk, phone, queue } from "../testing/desk";
import { phoneReady, waitingText, whatComesNext } from "./next";

const SUPPORT = queue({ queue_id: "q1", name: "Support" });
const SALES = queue({ queue_id: "q2", name: "Sales" });

test("nothing is promised before the desk is known, nor while the line is lost", () => {
  expect(whatComesNext(null, "registered", false).headline).toBe("Connecting");
  expect(whatComesNext(desk(), "registered", true)).toMatchObject({ headline: "Not connected", tone: "problem" });
});

test("who is idle is ready, and is told whose calls come", () => {
  const next = whatComesNext(desk({ queues: [SUPPORT, SALES] }), "registered", false);
  expect(next).toMatchObject({ headline: "Ready", tone: "ready" });
  expect(next.detail).toContain("Support and Sales");
});

test("many queues are counted instead of named", () => {
  const queues = ["q1", "q2", "q3", "q4"].map((queue_id) => queue({ queue_id, name: queue_id }));
  expect(whatComesNext(desk({ queues }), "registered", false).detail).toContain("any of your 4 queues");
});

test("a queue for which the agent is paused is not promised", () => {
  const memberships = {
    items: [
      { queue_id: "q1", paused_at: null, paused_reason: null },
      { queue_id: "q2", paused_at: "2026-11-28T10:00:00+00:00", paused_reason: "Break" },
    ],
  };
  const { detail } = whatComesNext(desk({ queues: [SUPPORT, SALES], memberships }), "registered", false);
  expect(detail).toContain("Support");
  expect(detail).not.toContain("Sales");
});

test.each([
  [agent({ state: "paused", reason: "Lunch" }), "Paused: Lunch", "paused"],
  [agent({ state: "paused" }), "Paused", "paused"],
  [agent({ state: "offline" }), "Offline", "problem"],
  [agent({ state: "wrap_up" }), "One moment", "quiet"],
  [agent({ not_offered: "no_queue" }), "You are in no queue", "quiet"],
  [agent({ not_offered: "no_microphone" }), "No calls: callers could not hear you", "problem"],
  [agent({ not_offered: "paused_everywhere" }), "Paused in all your queues", "paused"],
])("%# an agent's state is said in words", (who, headline, tone) =>
  expect(whatComesNext(desk({ agent: who }), "registered", false)).toMatchObject({ headline, tone }),
);

test("a web phone is ready only when the page and the server say so; a desk phone needs the server alone", () => {
  expect(phoneReady(desk(), "registered")).toBe(true);
  expect(phoneReady(desk(), "elsewhere")).toBe(true);
  expect(phoneReady(desk(), "connecting")).toBe(false);
  expect(phoneReady(desk({ phone: phone({ registered: false }) }), "registered")).toBe(false);
  expect(phoneReady(desk({ phone: phone({ kind: "sip" }) }), "connecting")).toBe(true);
});

test("a phone that connects is no problem yet, one that is lost is", () => {
  expect(whatComesNext(desk(), "connecting", false).tone).toBe("quiet");
  expect(whatComesNext(desk(), "lost", false).tone).toBe("problem");
});

test("who waits is told by queue, the longest line first", () => {
  const [one, three, two] = [1, 3, 2].map((waiting) => queue({ name: `Q${waiting}`, waiting }));
  if (!one || !two || !three) throw new Error("three queues");
  expect(waitingText([one, three])).toBe("3 waiting in Q3, 1 in Q1");
  expect(waitingText([one, three, two])).toBe("3 waiting in Q3, 2 in Q2, 1 elsewhere");
  expect(waitingText([SUPPORT])).toBe("");
});
