// The floor, for supervisors: what every agent is doing, whether calls can ring there, and for which queues one is paused.

import type { AgentState, CallStage, Colleague, Desk } from "../api/contract";
import { Cell } from "../core/cell";
import { setClock } from "../core/clock";
import { element, icon, maybe, one, placeRows, setIcon, setText, show } from "../core/dom";
import type { Scope } from "../core/scope";
import { NOT_OFFERED, pauseWords, STATE_WORDS } from "../core/words";
import { isFree } from "../queues/order";

const DOING: Record<CallStage, string> = {
  offered: "Ringing",
  dialling: "Calling",
  connected: "Talking",
  held: "On hold",
  reaching: "Calling a third party",
  consulting: "Consulting",
  conference: "Conference",
  returning: "Coming back",
  wrap_up: "Wrap-up",
};
const COUNTED: readonly AgentState[] = ["offered", "on_call", "wrap_up", "paused", "offline"];
/** From so many on one has to look for somebody. */
const MANY = 8;

/** What of the floor is shown: a part of a name or extension, who is free or in a state, and who takes calls of a queue. */
interface Filter {
  text: string;
  state: AgentState | "free" | "no_calls" | "";
  queue: string;
}

/** An agent's row, and what it shows: on a large floor most agents have not changed when one has. */
interface Drawn {
  agent: Colleague;
  paused: string;
  row: HTMLElement;
}

const ALPHABET = new Intl.Collator();

export function mountAgents(scope: Scope, desk: Cell<Desk | null>): void {
  const body = maybe("[data-agents]", scope.root);
  const section = body?.closest<HTMLElement>("section");
  if (!body || !section) return;
  const filter = new Cell<Filter>({ text: "", state: "", queue: "" });
  let drawn: ReadonlyMap<string, Drawn> = new Map();
  scope.render([desk, filter], () => {
    if (!desk.value) return;
    const agents = desk.value.agents;
    show(section, agents !== null);
    if (!agents) return;
    const names = new Map(desk.value.queues.map((queue) => [queue.queue_id, queue.name]));
    drawn = new Map(
      [...agents].sort(byPresence).map((agent) => [agent.user_id, draw(drawn.get(agent.user_id), agent, names)]),
    );
    const rows = [...drawn.values()].filter(({ agent }) => isWanted(agent, filter.value)).map(({ row }) => row);
    renderFilter(section, agents, desk.value.queues, filter.value.queue);
    placeRows(body, rows);
    show(one(".panel-scroll", section), agents.length > 0);
    show(one("[data-agents-empty]", section), agents.length === 0);
    setText(one("[data-agents-note]", section), summary(agents, filter.value.queue, names.get(filter.value.queue)));
    const none = one("[data-agents-none]", section);
    show(none, agents.length > 0 && rows.length === 0);
  });
  section.addEventListener("input", ({ target }) => {
    if (
      !(target instanceof HTMLInputElement || target instanceof HTMLSelectElement) ||
      target.dataset.agentsFilter === undefined
    )
      return;
    filter.value = { ...filter.value, [target.dataset.agentsFilter]: target.value };
  });
}

function isWanted(agent: Colleague, { text, state, queue }: Filter): boolean {
  const search = text.trim().toLocaleLowerCase();
  if (search && !`${agent.name} ${agent.extension}`.toLocaleLowerCase().includes(search)) return false;
  if (queue && !agent.serves.includes(queue) && !agent.pauses.some((pause) => pause.queue_id === queue)) return false;
  if (state === "free") return isFree(agent);
  if (state === "no_calls") return agent.state === "idle" && agent.not_offered !== null;
  return state === "" || agent.state === state;
}

function renderFilter(
  section: HTMLElement,
  agents: readonly Colleague[],
  queues: Desk["queues"],
  wanted: string,
): void {
  show(one("[data-agents-filters]", section), agents.length > MANY);
  const select = one<HTMLSelectElement>("[data-agents-filter=queue]", section);
  const list = JSON.stringify(queues.map((queue) => [queue.queue_id, queue.name]));
  if (select.dataset.list === list) return;
  select.dataset.list = list;
  select.replaceChildren(
    element("option", { value: "" }, "All queues"),
    ...queues.map((queue) => element("option", { value: queue.queue_id }, queue.name)),
  );
  select.value = queues.some((queue) => queue.queue_id === wanted) ? wanted : "";
}

/** By name, so that rows stay where they are; only who is not there comes last. */
function byPresence(one: Colleague, other: Colleague): number {
  const away = Number(one.state === "offline") - Number(other.state === "offline");
  return away || ALPHABET.compare(one.name, other.name);
}

/** Who is free first: that decides. Who is idle and gets no calls is not free. */
function summary(agents: readonly Colleague[], queue: string, name: string | undefined): string {
  const some = name === undefined ? agents : agents.filter((agent) => isWanted(agent, { text: "", state: "", queue }));
  const free = some.filter((agent) => isFree(agent) && (name === undefined || agent.serves.includes(queue))).length;
  const idle = some.filter((agent) => agent.state === "idle").length;
  const counts: (readonly [number, string])[] = COUNTED.map((state) => [
    some.filter((agent) => agent.state === state).length,
    STATE_WORDS[state].word,
  ]);
  const rest = [[idle - free, "idle without calls"] as const, ...counts].filter(([count]) => count > 0);
  return [
    `${free} free${name === undefined ? "" : ` for ${name}`}`,
    ...rest.map(([count, word]) => `${count} ${word.toLowerCase()}`),
  ].join(" · ");
}

function draw(known: Drawn | undefined, agent: Colleague, queues: ReadonlyMap<string, string>): Drawn {
  const paused = agent.pauses.map((pause) => queues.get(pause.queue_id) ?? "a queue").join(", ");
  if (known?.agent === agent && known.paused === paused) return known;
  const row = known?.row ?? emptyRow(agent.user_id);
  fill(row, agent, paused);
  return { agent, paused, row };
}

function fill(made: HTMLElement, agent: Colleague, paused: string): void {
  const unreachable = agent.state === "idle" && agent.not_offered !== null;
  made.dataset.value = unreachable ? "unreachable" : agent.state;
  setText(one("[data-agent-name]", made), agent.name);
  setText(one("[data-agent-extension]", made), agent.extension);
  const state = one("[data-agent-doing]", made);
  setIcon(state, unreachable ? "alert" : STATE_WORDS[agent.state].icon);
  setText(one("[data-agent-word]", state), STATE_WORDS[agent.state].word);
  setText(
    one("[data-agent-reason]", made),
    agent.not_offered && unreachable ? NOT_OFFERED[agent.not_offered].short : pauseWords(agent),
  );
  const clock = one("[data-agent-clock]", made);
  if (clock.dataset.since !== agent.since) setClock(clock, "since", agent.since);
  setText(
    one("[data-agent-call]", made),
    agent.call ? [DOING[agent.call.stage], agent.call.queue].filter(Boolean).join(" · ") : "–",
  );
  one("[data-agent-name]", made).title = agent.name;
  const pauses = one("[data-agent-pauses]", made);
  setText(one("span", pauses), `Not for ${paused}`);
  pauses.title = `Not for ${paused}`;
  show(pauses, paused !== "");
  renderPhone(one("[data-agent-phone]", made), agent);
}

function renderPhone(cell: HTMLElement, agent: Colleague): void {
  cell.dataset.value = agent.reachable ? "ready" : agent.state === "offline" ? "away" : "lost";
  setIcon(cell, agent.reachable ? "headset" : "offline");
  cell.title = agent.reachable ? "Ready" : agent.state === "offline" ? "Away" : "Not connected";
  setText(one("span", cell), cell.title);
}

function emptyRow(id: string): HTMLElement {
  const who = element(
    "div",
    { class: "who" },
    element("strong", { "data-agent-name": true }),
    element("span", { class: "figures", "data-agent-extension": true }),
  );
  const state = element(
    "div",
    { class: "doing" },
    element(
      "span",
      { class: "doing-state", "data-agent-doing": true },
      icon("check"),
      element("span", { "data-agent-word": true }),
    ),
    element("span", { class: "doing-reason", "data-agent-reason": true }),
    element(
      "span",
      { class: "chip chip-paused", "data-agent-pauses": true, hidden: true },
      icon("pause"),
      element("span"),
    ),
  );
  return element(
    "tr",
    { "data-agent": id, "data-testid": "floor-agent" },
    element("th", { scope: "row" }, who),
    element("td", {}, state),
    element("td", { class: "number figures", "data-agent-clock": true }),
    element("td", { "data-agent-call": true }),
    element(
      "td",
      {},
      element("span", { class: "floor-phone", "data-agent-phone": true }, icon("headset"), element("span")),
    ),
  );
}
