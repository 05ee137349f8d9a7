// The agent's state in the top bar, and the two things an agent does about it: pause with a reason, and be ready again.

import { put, reasonFor } from "../api/client";
import type { Agent, AgentState, Desk } from "../api/contract";
import { phoneReady, whyNoCalls } from "../calls/next";
import { Cell, renderOn } from "../core/cell";
import { setClock } from "../core/clock";
import { isOff, maybe, onClick, one, say, setIcon, setPending, setText, show } from "../core/dom";
import { closeMenus } from "../core/menu";
import { setMeaning } from "../core/press";
import { NOT_OFFERED, pauseWords, STATE_WORDS, WORKING } from "../core/words";
import type { Softphone } from "../phone/softphone";

interface Wish {
  state: "idle" | "paused";
  reason: string | null;
}

const pending = new Cell<Wish["state"] | null>(null);
/** What was pressed while another wish was still on its way; the last press counts. */
let next: Wish | null = null;
const message = new Cell<string | null>(null);
const MESSAGE_MS = 10_000;

export function mountAgentState(desk: Cell<Desk | null>, phone: Softphone, blind: Cell<boolean>): void {
  renderOn([desk, phone.registration, pending, message, blind], () => {
    const now = desk.value;
    render(now?.agent ?? null, blind.value ? "last known" : now === null ? "no phone" : doubtOf(now, phone));
  });
  desk.watch((now, before) => {
    if (now?.agent.state !== before?.agent.state) message.value = null;
  });
  onClick("[data-ready], [data-ready-now], [data-stay]", () => void change(desk, { state: "idle", reason: null }));
  onClick("#pause-menu [data-pause-reason]", (item) => {
    closeMenus();
    void change(desk, { state: "paused", reason: item.dataset.pauseReason ?? null });
  });
}

function doubtOf(desk: Desk, phone: Softphone): string | null {
  if (!phoneReady(desk, phone.registration.value)) return NOT_OFFERED.no_phone.short;
  const why = whyNoCalls(desk.agent);
  return why === null ? null : NOT_OFFERED[why].short;
}

/** An idle agent with a doubt gets no calls, or may get none; the page must not look as if one could come. */
function tone(state: AgentState | undefined, doubt: string | null): string {
  if (!state) return "loading";
  return state === "idle" && doubt ? "unreachable" : state;
}

function render(agent: Agent | null, doubt: string | null): void {
  const pill = one("[data-agent-state]");
  const words = agent ? STATE_WORDS[agent.state] : { word: "Connecting", icon: "refresh" };
  pill.dataset.value = agent?.state ?? "loading";
  const shade = tone(agent?.state, doubt);
  document.body.dataset.state = shade;
  setIcon(pill, shade === "unreachable" ? "offline" : words.icon);
  setText(one("[data-state-word]", pill), words.word);
  const reason = one("[data-state-reason]", pill);
  const why = shade === "unreachable" ? (doubt ?? "") : agent ? pauseWords(agent) : "";
  setText(reason, why);
  show(reason, why !== "");
  setClock(one("[data-state-clock]", pill), "since", agent?.since ?? null);
  renderButtons(agent);
}

/** R ends a wrap-up: a second press must not end the pause that follows it. */
let lastState: AgentState | null = null;

function renderButtons(agent: Agent | null): void {
  const [pause, ready, stay] = [one("[data-pause]"), one("[data-ready]"), one("[data-stay]")];
  const inCall = agent !== null && WORKING.has(agent.state);
  const pausesNext = inCall && agent.wanted === "paused";
  const focused = document.activeElement;
  show(pause, agent?.state === "idle" || (inCall && !pausesNext));
  show(ready, agent?.state === "paused");
  show(stay, pausesNext);
  setMeaning(ready, ready.hidden ? null : "ready", lastState !== "wrap_up" && lastState !== "paused");
  lastState = agent?.state ?? null;
  if ([pause, ready, stay].some((button) => focused === button && button.hidden)) {
    [pause, ready, stay].find((button) => !button.hidden)?.focus();
  }
  setText(one("[data-pause-word]", pause), inCall ? "Pause after call" : "Pause");
  setText(one("[data-pause-title]"), inCall ? "After this call, pause all my queues" : "Pause all my queues");
  setPending(pause, pending.value === "paused");
  for (const button of [ready, stay, one("[data-ready-now]")]) setPending(button, pending.value === "idle");
  say(one("[data-state-message]"), message.value);
}

async function change(desk: Cell<Desk | null>, wish: Wish): Promise<void> {
  if (pending.value) {
    // The live line may show the new state before the request is answered, and the button for the way back.
    next = wish.state === pending.value ? null : wish;
    return;
  }
  pending.value = wish.state;
  message.value = null;
  try {
    const agent = await put<Agent>("/api/v1/agent/state", wish);
    const now = desk.value;
    // The live line may already have brought something newer.
    if (now && Date.parse(agent.since) >= Date.parse(now.agent.since)) desk.value = { ...now, agent };
  } catch (error) {
    const text = reasonFor(error);
    message.value = text;
    setTimeout(() => {
      if (message.value === text) message.value = null;
    }, MESSAGE_MS);
  }
  pending.value = null;
  const after = next;
  next = null;
  if (after) await change(desk, after);
}

/** Opens the list of reasons from the keyboard; its digits then choose one. In a call a second press takes the pause back. */
export function pressPause(): void {
  const button = [one("[data-pause]"), one("[data-stay]")].find((found) => !isOff(found));
  button?.click();
}

export function pressReady(): boolean {
  const button = maybe("[data-ready]");
  if (!button || isOff(button)) return false;
  // A press that comes too soon is used up all the same.
  button.click();
  return true;
}
