// Everybody who waits in my queues: the newest first, or by turn; each can be moved in the line of its queue.

import { post, reasonFor } from "../api/client";
import type { Desk, Queue, WaitingCall } from "../api/contract";
import { callerLabel, callerName, callerNumber } from "../calls/caller";
import { Cell } from "../core/cell";
import { formatMoment, setClock } from "../core/clock";
import {
  announce,
  element,
  icon,
  isOff,
  maybe,
  one,
  placeRows,
  say,
  setOff,
  setPending,
  setText,
  show,
} from "../core/dom";
import { recall, remember } from "../core/preferences";
import type { Scope } from "../core/scope";
import { mountWaitingDrag } from "./waiting-drag";
import { type Entry, inOrder, type Order } from "./waiting-order";

type Step = "top" | "up" | "down";
/** A step, or a place in the line, from 1. */
type Move = Step | number;

interface Moving {
  call: string | null;
  to: Move | null;
  message: string | null;
}

const USUAL_PRIORITY = 50;
const MOVES: readonly { to: Step; icon: string; words: string }[] = [
  { to: "top", icon: "top", words: "to the top of the line" },
  { to: "up", icon: "up", words: "one place up in the line" },
  { to: "down", icon: "chevron", words: "one place down in the line" },
];

export function mountWaiting(scope: Scope, desk: Cell<Desk | null>): void {
  const moving = new Cell<Moving>({ call: null, to: null, message: null });
  const order = new Cell<Order>(recall("waiting-order") === "turn" ? "turn" : "newest");
  const body = one("[data-waiting]", scope.root);
  scope.render([desk, moving, order], () => {
    if (desk.value) render(body, desk.value, moving.value, order.value);
  });
  scope.onClick("[data-move]", (button) => {
    const row = button.closest<HTMLElement>("[data-call]");
    if (row) void move(moving, row, button.dataset.move as Step);
  });
  scope.root.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-move]") : null;
      if (button && isOff(button) && !moving.value.call) tellWhyNot(button);
    },
    scope,
  );
  const arrange = (by: Order): void => {
    order.value = by;
    remember("waiting-order", by);
  };
  scope.onClick("[data-waiting-order]", (button) => arrange(button.dataset.waitingOrder as Order));
  mountWaitingDrag(scope, (row, place) => {
    // Whoever puts the line into an order wants to see that order.
    arrange("turn");
    void move(moving, row, place);
  });
}

/** A press on a button that is off moves nothing; who does not see that is told why. */
function tellWhyNot(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-call]");
  if (!row) return;
  const who = one("[data-waiting-who] strong", row).textContent ?? "";
  const place = row.dataset.place;
  const why =
    place === undefined
      ? "has no place in the line: it is called again later"
      : place === "1" && button.dataset.move !== "down"
        ? "is number 1 in the line already"
        : "is the last in the line already";
  announce(one("[data-waiting-said]"), `${who} ${why}.`);
}

function render(body: HTMLElement, desk: Desk, moving: Moving, order: Order): void {
  const entries = inOrder(
    desk.queues.flatMap((queue) => queue.calls.map((call) => ({ call, queue }))),
    order,
  );
  placeRows(
    body,
    entries.map((entry) => row(body, entry, moving)),
  );
  const section = body.closest("section") ?? document;
  show(one("[data-waiting-empty]", section), entries.length === 0);
  show(one(".panel-scroll", section), entries.length > 0);
  const total = desk.queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const shown = entries.filter(({ call }) => call.place !== null).length;
  setText(one("[data-waiting-rest]", section), total > shown ? `and ${total - shown} more behind them` : "");
  for (const button of section.querySelectorAll<HTMLElement>("[data-waiting-order]")) {
    button.setAttribute("aria-pressed", String(button.dataset.waitingOrder === order));
  }
  say(one("[data-waiting-message]", section), moving.message);
}

function row(body: HTMLElement, { call, queue }: Entry, moving: Moving): HTMLElement {
  const known = [...body.children].find((child) => (child as HTMLElement).dataset.call === call.call_id);
  const made = (known as HTMLElement | undefined) ?? emptyRow(call.call_id);
  made.dataset.inQueue = queue.queue_id;
  renderGrip(made, call, queue, moving);
  made.classList.toggle("is-ringing", call.ringing);
  renderTurn(one("[data-turn]", made), call);
  renderCaller(made, call);
  setText(one("[data-waiting-queue]", made), queue.name);
  const waited = one("[data-waited]", made);
  if (waited.dataset.since !== call.entered_at) setClock(waited, "since", call.entered_at);
  for (const { to, words } of MOVES) {
    const button = one(`[data-move=${to}]`, made);
    button.title = `Move ${callerLabel(call)} ${words}`;
    button.setAttribute("aria-label", button.title);
    setPending(button, moving.call === call.call_id && moving.to === to);
    const last = call.place === queue.waiting;
    setOff(button, call.place === null || (to === "down" ? last : call.place === 1));
  }
  return made;
}

/** Only who stands in a line with others can be moved in it. */
function renderGrip(made: HTMLElement, call: WaitingCall, queue: Queue, moving: Moving): void {
  if (call.place === null) delete made.dataset.place;
  else made.dataset.place = String(call.place);
  one("[data-grip]", made).classList.toggle("is-idle", call.place === null || queue.waiting < 2);
  made.classList.toggle("is-moving", moving.call === call.call_id && typeof moving.to === "number");
}

function renderTurn(cell: HTMLElement, call: WaitingCall): void {
  const later = call.place === null && call.next_at !== null;
  setText(cell, call.place !== null ? String(call.place) : later ? formatMoment(call.next_at ?? "") : "–");
  cell.title = call.place !== null ? `Number ${call.place} in the line of the queue` : "To be called again then";
  cell.classList.toggle("is-next", call.place === 1);
  cell.classList.toggle("is-later", later);
}

function renderCaller(made: HTMLElement, call: WaitingCall): void {
  const who = one("[data-waiting-who]", made);
  const named = Boolean(call.customer_name);
  setText(one("strong", who), named ? callerName(call) : callerNumber(call));
  setText(one("span", who), named ? callerNumber(call) : "");
  who.title = `${callerName(call)} ${callerNumber(call)}`;
  show(one("[data-mark-ringing]", made), call.ringing);
  show(one("[data-mark-callback]", made), call.callback);
  const priority = one("[data-mark-priority]", made);
  show(priority, call.priority !== USUAL_PRIORITY);
  setText(priority, `Priority ${call.priority}`);
}

function emptyRow(id: string): HTMLElement {
  const mark = (name: string, image: string, word: string): HTMLElement =>
    element(
      "span",
      { class: `chip chip-${name}`, [`data-mark-${name}`]: true, hidden: true, title: word },
      icon(image),
      element("span", {}, word),
    );
  const buttons = MOVES.map(({ to, icon: image }) =>
    element(
      "button",
      { class: "icon-button", type: "button", "data-move": to, "data-testid": `move-${to}` },
      icon(image),
    ),
  );
  const caller = element(
    "div",
    { class: "caller-cell" },
    element(
      "div",
      { class: "who", "data-waiting-who": true },
      element("strong"),
      element("span", { class: "figures" }),
    ),
    mark("ringing", "ringing", "Ringing"),
    mark("callback", "callback", "Callback"),
    element("span", { class: "chip chip-priority figures", "data-mark-priority": true, hidden: true }),
  );
  const grip = element(
    "span",
    {
      class: "grip",
      "data-grip": true,
      "data-testid": "grip",
      "aria-hidden": "true",
      title: "Drag onto the call whose place it is to take",
    },
    icon("grip"),
  );
  return element(
    "tr",
    { "data-call": id, "data-testid": "waiting-call" },
    element(
      "td",
      { class: "figures turn-cell" },
      grip,
      element("span", { class: "turn", "data-turn": true, "data-testid": "turn" }),
    ),
    element("th", { scope: "row" }, caller),
    element("td", { "data-waiting-queue": true }),
    element("td", { class: "number figures", "data-waited": true }),
    element(
      "td",
      { class: "number" },
      element("div", { class: "moves", role: "group", "aria-label": "Place in line" }, ...buttons),
    ),
  );
}

async function move(moving: Cell<Moving>, row: HTMLElement, to: Move): Promise<void> {
  if (moving.value.call) return;
  const { inQueue: queue = "", call = "" } = row.dataset;
  const said = maybe("[data-waiting-said]");
  moving.value = { call, to, message: null };
  let message: string | null = null;
  try {
    const path = `/api/v1/queues/${encodeURIComponent(queue)}/waiting/${encodeURIComponent(call)}/move`;
    // The new order comes over the live line, as it does to everybody else; who does not see it is told.
    const after = await post<Queue>(path, { to });
    const moved = after.calls.find((one) => one.call_id === call);
    if (moved?.place && said) announce(said, `${callerLabel(moved)} is number ${moved.place} in the line now.`);
  } catch (error) {
    message = reasonFor(error);
  }
  moving.value = { call: null, to: null, message };
}
