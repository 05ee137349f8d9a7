// What a page is, and who may open it.

import type { Desk, Permission } from "../api/contract";
import type { Cell } from "../core/cell";
import type { Scope } from "../core/scope";
import type { Softphone } from "../phone/softphone";
import type { Address } from "./address";

/** What a page uses of the shell, which outlives it. */
export interface Shell {
  desk: Cell<Desk | null>;
  phone: Softphone;
}

/** What a page gets when it is opened. */
export interface Opened extends Shell {
  address: Address;
  /** Goes on to another page, or another address of this one. */
  go(path: string): void;
}

export interface Page {
  path: string;
  title: string;
  icon: string;
  /** The server refuses what a page would fetch in vain; this only keeps such pages out of the menu. */
  permission: Permission;
  /** Draws into `scope.root`. All that it begins ends with the scope. */
  mount(scope: Scope, opened: Opened): void;
}

/** What the server wrote into the page, until the desk tells it. */
export function permissionsOf(told: string | undefined): ReadonlySet<Permission> {
  return new Set((told ?? "").split(" ").filter(Boolean) as Permission[]);
}

/** What the desk tells of them from then on: a new role holds on open pages at once. */
export function followPermissions(permissions: Cell<ReadonlySet<Permission>>, desk: Cell<Desk | null>): void {
  desk.watch((now) => {
    const had = permissions.value;
    if (now && (now.permissions.length !== had.size || now.permissions.some((each) => !had.has(each))))
      permissions.value = new Set(now.permissions);
  });
}
