// What a page is, and who may open it.

import type { Agent, Desk } from "../api/contract";
import type { Cell } from "../core/cell";
import type { Scope } from "../core/scope";
import type { Softphone } from "../phone/softphone";

/** What a page uses of the shell, which outlives it. */
export interface Shell {
  desk: Cell<Desk | null>;
  phone: Softphone;
}

export type Permission = "work" | "supervise" | "administrate";

export interface Page {
  path: string;
  title: string;
  icon: string;
  permission: Permission;
  /** Draws into `scope.root`. All that it begins ends with the scope. */
  mount(scope: Scope, shell: Shell): void;
}

const HAS: Record<Agent["role"], readonly Permission[]> = {
  agent: ["work"],
  supervisor: ["work", "supervise"],
  administrator: ["work", "supervise", "administrate"],
};

/** What the server wrote into the page; whoever is nothing else is an agent. */
export function roleOf(told: string | undefined): Agent["role"] {
  return told === "supervisor" || told === "administrator" ? told : "agent";
}

/** The server refuses what a page would fetch in vain; this only keeps such pages out of the menu. */
export function mayOpen(role: Agent["role"], page: Page): boolean {
  return HAS[role].includes(page.permission);
}
