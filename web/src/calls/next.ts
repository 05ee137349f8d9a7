// What the empty call bar says: what will happen next, and why nothing does when nothing can.

import type { Agent, Desk, NotOffered, Queue } from "../api/contract";
import { listed, NOT_OFFERED } from "../core/words";
import type { Registration } from "../phone/softphone";

export interface Next {
  headline: string;
  detail: string;
  icon: string;
  tone: "ready" | "waiting" | "paused" | "problem" | "quiet";
}

/** More names than these are read by nobody. */
const MOST_NAMED = 3;

/** Whether a call could ring here now. A browser's phone must be registered by its own account and by the server's. */
export function phoneReady(desk: Desk, registration: Registration): boolean {
  return (
    desk.phone.registered &&
    (desk.phone.kind === "sip" || registration === "registered" || registration === "elsewhere")
  );
}

/** `blind`: the line to the server is lost, so nothing that was true a moment ago may be promised. */
export function whatComesNext(desk: Desk | null, registration: Registration, blind: boolean): Next {
  if (!desk) return { headline: "Connecting", detail: "Fetching your desk", icon: "headset", tone: "quiet" };
  if (blind) {
    return {
      headline: "Not connected",
      detail: "What you see may be out of date until the connection is back.",
      icon: "offline",
      tone: "problem",
    };
  }
  if (!phoneReady(desk, registration)) return unreachable(desk, registration);
  const why = whyNoCalls(desk.agent);
  if (why !== null) return notOffered(why);
  if (desk.agent.state === "paused") return paused(desk.agent, desk.queues);
  if (desk.agent.state === "idle") return ready(served(desk));
  if (desk.agent.state === "offline") {
    return {
      headline: "Offline",
      detail: "You get no calls until the phone is connected.",
      icon: "offline",
      tone: "problem",
    };
  }
  return { headline: "One moment", detail: "The last call is being completed.", icon: "headset", tone: "quiet" };
}

function unreachable(desk: Desk, registration: Registration): Next {
  if (desk.phone.kind === "web" && registration !== "lost") {
    return { headline: "Connecting your phone", detail: "Calls can come in a moment.", icon: "headset", tone: "quiet" };
  }
  const detail =
    desk.phone.kind === "web"
      ? "No calls come until it is. It keeps trying by itself."
      : `No calls come until extension ${desk.phone.extension} registers.`;
  return { headline: "Your phone is not connected", detail, icon: "offline", tone: "problem" };
}

/** Why no calls of queues come to who is idle. Whether the phone is there this page knows better, and sooner. */
export function whyNoCalls(agent: Agent): NotOffered | null {
  return agent.state === "idle" && agent.not_offered !== "no_phone" ? agent.not_offered : null;
}

function notOffered(why: NotOffered): Next {
  const { headline, detail } = NOT_OFFERED[why];
  if (why === "no_microphone") return { headline, detail, icon: "mic-off", tone: "problem" };
  return {
    headline,
    detail,
    icon: why === "no_queue" ? "headset" : "pause",
    tone: why === "no_queue" ? "quiet" : "paused",
  };
}

function paused(agent: Agent, queues: readonly Queue[]): Next {
  const headline = agent.reason ? `Paused: ${agent.reason}` : "Paused";
  const waiting = waitingText(queues);
  const detail = waiting ? `No queue calls until you are ready. ${waiting}.` : "No queue calls until you are ready.";
  return { headline, detail, icon: "pause", tone: "paused" };
}

/** The queues whose calls can come: mine, without those for which I am paused. */
function served(desk: Desk): Queue[] {
  const open = new Set(
    desk.memberships.items.filter((found) => found.paused_at === null).map((found) => found.queue_id),
  );
  return desk.queues.filter((queue) => open.has(queue.queue_id));
}

function ready(mine: readonly Queue[]): Next {
  const waiting = waitingText(mine);
  if (waiting)
    return {
      headline: `Ready. ${waiting}`,
      detail: "The call whose turn it is rings here.",
      icon: "headset",
      tone: "waiting",
    };
  const names =
    mine.length > MOST_NAMED ? `any of your ${mine.length} queues` : listed(mine.map((queue) => queue.name));
  return {
    headline: "Ready",
    detail: `No one is waiting. The next call to ${names} rings here.`,
    icon: "headset",
    tone: "ready",
  };
}

/** "3 waiting in Support", "3 waiting in Support, 1 in Sales", or nothing. */
export function waitingText(queues: readonly Queue[]): string {
  const busy = queues.filter((queue) => queue.waiting > 0).sort((one, other) => other.waiting - one.waiting);
  const [first, second, ...others] = busy;
  if (!first) return "";
  const parts = [`${first.waiting} waiting in ${first.name}`];
  if (second) parts.push(`${second.waiting} in ${second.name}`);
  const rest = others.reduce((sum, queue) => sum + queue.waiting, 0);
  if (rest > 0) parts.push(`${rest} elsewhere`);
  return parts.join(", ");
}
