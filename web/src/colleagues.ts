// Whom to ask, or to give the call to: who is there now, or any number. The list keeps itself fresh while it is open.

import { get, reasonFor } from "./api";
import type { CallActions } from "./call-actions";
import type { Cell } from "./cell";
import type { Colleague, Desk } from "./contract";
import { openDialog } from "./dialogs";
import { element, onClick, one, setPending, setText, show } from "./dom";
import { STATE_WORDS } from "./words";

export type Purpose = "consult" | "transfer";

interface Reachable {
  user_id: string;
  name: string;
  role: Colleague["role"];
  relation: "supervisor" | "same_queue" | "other";
  extension: string;
  state: Colleague["state"];
  available: boolean;
}

const EVERY_MS = 4000;
const GROUPS: readonly [Reachable["relation"], string][] = [
  ["supervisor", "Supervisors"],
  ["same_queue", "Agents of my queues"],
  ["other", "Others"],
];
const WORDS: Record<Purpose, { title: string; verb: string; note: string }> = {
  consult: { title: "Consult", verb: "Consult", note: "The customer hears music while you ask. You come back, or hand the call over." },
  transfer: { title: "Transfer", verb: "Transfer", note: "The call is theirs as soon as they answer. If nobody does, the customer comes back to you." },
};

let purpose: Purpose = "consult";
/** Until the first list is there, the keyboard has nowhere better to be than the button that fetches it. */
let fresh = false;
let timer: ReturnType<typeof setInterval> | undefined;

export function mountColleagues(desk: Cell<Desk | null>, actions: CallActions): void {
  const dialog = one<HTMLDialogElement>("#colleagues");
  dialog.addEventListener("close", () => clearInterval(timer));
  // Once the call is elsewhere there is nothing to choose any more.
  desk.watch((now) => {
    const stage = now?.call?.stage;
    if (dialog.open && stage !== "connected" && stage !== "held") dialog.close();
  });
  onClick("[data-refresh-colleagues]", () => void refresh());
  onClick("[data-reach]", (row) => void choose(actions, { user_id: row.dataset["reach"] ?? "" }));
  one<HTMLFormElement>("[data-colleagues-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    const number = one<HTMLInputElement>("[data-colleagues-number]").value.trim();
    if (number) void choose(actions, { number });
  });
}

export function openColleagues(wanted: Purpose): void {
  purpose = wanted;
  setText(one("[data-colleagues-title]"), WORDS[wanted].title);
  setText(one("[data-colleagues-note]"), WORDS[wanted].note);
  setText(one("[data-colleagues-verb]"), WORDS[wanted].verb);
  one<HTMLInputElement>("[data-colleagues-number]").value = "";
  say(null);
  one("[data-colleagues]").replaceChildren(element("p", { class: "empty" }, "Fetching who is there"));
  openDialog("colleagues");
  fresh = true;
  void refresh();
  clearInterval(timer);
  timer = setInterval(() => void refresh(), EVERY_MS);
}

async function choose(actions: CallActions, target: { user_id: string } | { number: string }): Promise<void> {
  say(null);
  const refusal = await actions.tool(purpose, "reach", { purpose, ...target });
  if (refusal === null) one<HTMLDialogElement>("#colleagues").close();
  else say(refusal);
}

async function refresh(): Promise<void> {
  const button = one("[data-refresh-colleagues]");
  setPending(button, true);
  try {
    render((await get<{ items: Reachable[] }>("/api/v1/colleagues")).items);
  } catch (error) {
    say(reasonFor(error));
  } finally {
    setPending(button, false);
  }
}

function render(found: readonly Reachable[]): void {
  const list = one("[data-colleagues]");
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["reach"] : undefined;
  const groups = GROUPS.flatMap(([relation, title]) => {
    const rows = found.filter((one) => one.relation === relation).map(row);
    return rows.length ? [element("h3", {}, title), element("ul", {}, ...rows)] : [];
  });
  list.replaceChildren(...(groups.length ? groups : [element("p", { class: "empty" }, "Nobody else is logged in. You can call a number instead.")]));
  if (focused) list.querySelector<HTMLElement>(`[data-reach="${focused}"]`)?.focus();
  if (fresh && document.activeElement === one("[data-refresh-colleagues]")) {
    (list.querySelector<HTMLElement>("[data-reach]:not([aria-disabled])") ?? one("[data-colleagues-number]")).focus();
  }
  fresh = false;
}

function row(found: Reachable): HTMLElement {
  const word = found.available ? "Available" : found.state === "idle" ? "No phone" : STATE_WORDS[found.state].word;
  const button = element(
    "button",
    { class: "colleague", type: "button", "data-reach": found.user_id, "data-testid": "colleague", "data-available": String(found.available),
      "aria-disabled": found.available ? null : "true" },
    element("span", { class: "colleague-name" }, found.name),
    element("span", { class: "figures colleague-number" }, found.extension),
    element("span", { class: `chip ${found.available ? "chip-ringing" : "chip-paused"}` }, word),
  );
  return element("li", {}, button);
}

function say(message: string | null): void {
  const line = one("[data-colleagues-message]");
  setText(line, message ?? "");
  show(line, message !== null);
}
