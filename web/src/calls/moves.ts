// When figures and lists about my calls are to be fetched anew.

import type { Desk } from "../api/contract";
import type { Cell } from "../core/cell";
import type { Scope } from "../core/scope";

/** Calls `action` now, if there is a desk, and as `whenCallMoves` does. */
export function onCallMoved(scope: Scope, desk: Cell<Desk | null>, action: () => void): void {
  if (desk.value) action();
  whenCallMoves(scope, desk, action);
}

/** Calls `action` when a call of mine has moved on or ended, and whenever the desk is a fresh one, for then anything may have happened. */
export function whenCallMoves(scope: Scope, desk: Cell<Desk | null>, action: () => void): void {
  scope.watch(desk, (now, before) => {
    const moved = before?.call && (before.call.call_id !== now?.call?.call_id || before.call.stage !== now.call.stage);
    if (moved || now?.cursor !== before?.cursor) action();
  });
}
