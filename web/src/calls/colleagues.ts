// Whom to ask, or to give the call to: who is there now, or any number. The list keeps itself fresh while it is open.

import { get, reasonFor } from "../api/client";
import type { Desk, Reachable } from "../api/contract";
import type { Cell } from "../core/cell";
import { openDialog } from "../core/dialogs";
import { element, onClick, one, say, setPending, setText } from "../core/dom";
import { STATE_WORDS } from "../core/words";
import type { CallActions } from "./actions";

export type Purpose = "consult" | "transfer";

const EVERY_MS = 4000;
const GROUPS: readonly [Reachable["relation"], string][] = [
  ["supervisor", "Supervisors"],
  ["same_queue", "Agents of my queues"],
  ["other", "Others"],
];
const WORDS: Record<Purpose, { title: string; verb: string; note: string }> = {
  consult: {
    title: "Consult",
    verb: "Consult",
    note: "The customer hears music while you ask. You come back, or hand the call over.",
  },
  transfer: {
    title: "Transfer",
    verb: "Transfer",
    note: "The call is theirs as soon as they answer. If nobody does, the customer comes back to you.",
  },
};

let purpose: Purpose = "consult";
/** The list as it was fetched last; what is typed shows a part of it. */
let found: readonly Reachable[] | null = null;
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
  onClick("[data-reach]", (row) => void choose(actions, { user_id: row.dataset.reach ?? "" }));
  one<HTMLFormElement>("[data-colleagues-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(actions);
  });
  one("[data-colleagues-number]").addEventListener("input", render);
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    moveFocus(event.key === "ArrowDown" ? 1 : -1);
  });
}

function typed(): string {
  return one<HTMLInputElement>("[data-colleagues-number]").value.trim();
}

/** A number is called; a name chooses somebody only when it fits nobody else. */
function submit(actions: CallActions): void {
  const text = typed();
  if (!text) return;
  if (!/\p{Letter}/u.test(text)) return void choose(actions, { number: text });
  const fitting = matching().filter((one) => one.available);
  const [only] = fitting;
  if (only && fitting.length === 1) void choose(actions, { user_id: only.user_id });
  else
    tell(
      fitting.length === 0
        ? "Nobody of that name can take a call now."
        : "Several have that name. Choose one in the list.",
    );
}

function matching(): readonly Reachable[] {
  const text = typed().toLocaleLowerCase();
  return (found ?? []).filter(
    (one) => `${one.name} ${one.extension}`.toLocaleLowerCase().includes(text) || /^\+?[\d\s()/.*#-]+$/.test(text),
  );
}

/** From the field into the list and back. */
function moveFocus(step: number): void {
  const stops = [
    one("[data-colleagues-number]"),
    ...document.querySelectorAll<HTMLElement>("[data-colleagues] [data-reach]"),
  ];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  stops[Math.min(stops.length - 1, Math.max(0, at + step))]?.focus();
}

export function openColleagues(wanted: Purpose): void {
  purpose = wanted;
  setText(one("[data-colleagues-title]"), WORDS[wanted].title);
  setText(one("[data-colleagues-note]"), WORDS[wanted].note);
  setText(one("[data-colleagues-verb]"), WORDS[wanted].verb);
  one<HTMLInputElement>("[data-colleagues-number]").value = "";
  tell(null);
  one("[data-colleagues]").replaceChildren(element("p", { class: "empty" }, "Fetching who is there"));
  openDialog("colleagues");
  found = null;
  void refresh();
  clearInterval(timer);
  timer = setInterval(() => void refresh(), EVERY_MS);
}

async function choose(actions: CallActions, target: { user_id: string } | { number: string }): Promise<void> {
  tell(null);
  const refusal = await actions.tool(purpose, "reach", { purpose, ...target }, true);
  if (refusal === null) one<HTMLDialogElement>("#colleagues").close();
  else tell(refusal);
}

async function refresh(): Promise<void> {
  const button = one("[data-refresh-colleagues]");
  setPending(button, true);
  try {
    found = (await get<{ items: Reachable[] }>("/api/v1/colleagues")).items;
    render();
  } catch (error) {
    tell(reasonFor(error));
  } finally {
    setPending(button, false);
  }
}

function render(): void {
  if (found === null) return;
  const list = one("[data-colleagues]");
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.reach : undefined;
  const groups = GROUPS.flatMap(([relation, title]) => {
    const rows = matching()
      .filter((one) => one.relation === relation)
      .map(row);
    return rows.length ? [element("h3", {}, title), element("ul", {}, ...rows)] : [];
  });
  list.replaceChildren(
    ...(groups.length
      ? groups
      : [
          element(
            "p",
            { class: "empty" },
            found.length
              ? "Nobody is called so. A number is called with Enter."
              : "Nobody else is logged in. You can call a number instead.",
          ),
        ]),
  );
  if (focused) list.querySelector<HTMLElement>(`[data-reach="${focused}"]`)?.focus();
}

function row(found: Reachable): HTMLElement {
  const word = found.available ? "Available" : found.state === "idle" ? "No phone" : STATE_WORDS[found.state].word;
  const button = element(
    "button",
    {
      class: "colleague",
      type: "button",
      "data-reach": found.user_id,
      "data-testid": "colleague",
      "data-available": String(found.available),
      "aria-disabled": found.available ? null : "true",
    },
    element("span", { class: "colleague-name" }, found.name),
    element("span", { class: "figures colleague-number" }, found.extension),
    element("span", { class: `chip ${found.available ? "chip-ringing" : "chip-paused"}` }, word),
  );
  return element("li", {}, button);
}

function tell(message: string | null): void {
  say(one("[data-colleagues-message]"), message);
}
