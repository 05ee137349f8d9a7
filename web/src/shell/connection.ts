// The calm bar that says that the line to the server is down, and the page that says that another window took over.

import type { Desk } from "../api/contract";
import type { Link } from "../api/live";
import { TALKING } from "../calls/rules";
import { type Cell, renderOn } from "../core/cell";
import { formatDuration } from "../core/clock";
import { one, setText, show } from "../core/dom";
import { urgentTitle } from "../core/title";

/** A blink of the line is not worth a word. */
const GRACE_MS = 1500;

/** Tells by `blind` when the page no longer knows what goes on. */
export function mountConnection(link: Cell<Link>, desk: Cell<Desk | null>, blind: Cell<boolean>): void {
  const bar = one("[data-connection]");
  const clock = one("[data-connection-clock]");
  let timer: ReturnType<typeof setInterval> | undefined;
  const render = (): void => {
    const lostAt = link.value.lostAt;
    const gone = lostAt === null ? 0 : Date.now() - lostAt;
    blind.value = gone >= GRACE_MS;
    show(bar, blind.value);
    if (!blind.value) return;
    setText(clock, formatDuration(gone / 1000));
    const talking = TALKING.has(desk.value?.call?.stage ?? "offered");
    setText(
      one("[data-connection-text]", bar),
      talking ? "Your call goes on. Buttons wait until it is back." : "Trying again by itself; nothing is lost.",
    );
  };
  renderOn([link], () => {
    clearInterval(timer);
    if (link.value.lostAt !== null) timer = setInterval(render, 250);
    render();
  });
}

/** Covers the page for good: this window is no longer the agent's. */
export function showReplaced(): void {
  const notice = one<HTMLDialogElement>("[data-replaced]");
  notice.addEventListener("cancel", (event) => event.preventDefault());
  urgentTitle.value = "Logged in elsewhere · Everline";
  if (!notice.open) notice.showModal();
}
