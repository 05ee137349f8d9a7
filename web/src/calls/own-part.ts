// How a call came out for me that I passed on: the code of my own part, as long as the call's record can have it.

import { put, reasonFor } from "../api/client";
import type { PastCall } from "../api/contract";
import { element } from "../core/dom";
import type { Scope } from "../core/scope";
import { t } from "../texts/texts";
import { callerLabel } from "./caller";
import { lineOfPress } from "./dial";
import type { PastCalls } from "./past-call";

/** The list to choose from; what was chosen, once nothing can be chosen any more; or nothing. */
export function ownPart(call: PastCall): HTMLElement | null {
  const code = call.wrap_up_code;
  if (call.wrap_up_codes.length === 0)
    return code ? element("span", { class: "outcome-code", title: t("calls.ownCode.title", { code }) }, code) : null;
  // A code that was removed since it was chosen is still the one.
  const names = code && !call.wrap_up_codes.includes(code) ? [code, ...call.wrap_up_codes] : call.wrap_up_codes;
  return element(
    "select",
    {
      class: "own-part",
      "data-own-part": call.call_id,
      "data-testid": "own-part",
      "aria-label": t("calls.ownCode.of", { who: callerLabel(call) }),
    },
    element("option", { value: "" }, t(code ? "calls.ownCode.none" : "calls.ownCode.choose")),
    ...names.map((name) => element("option", { value: name, selected: name === code }, name)),
  );
}

/** Sends what is chosen. The list is fetched anew then, whether it was taken or came too late. */
export function mountOwnPart(scope: Scope, calls: PastCalls): void {
  scope.root.addEventListener(
    "change",
    (event) => {
      const select = event.target instanceof HTMLSelectElement ? event.target : null;
      const callId = select?.dataset.ownPart;
      if (select && callId) void choose(scope, calls, callId, select.value || null);
    },
    { signal: scope.signal },
  );
}

async function choose(scope: Scope, calls: PastCalls, callId: string, code: string | null): Promise<void> {
  const tell = lineOfPress();
  tell(null);
  try {
    await put(`/api/v1/calls/${encodeURIComponent(callId)}/own-part`, { code });
  } catch (error) {
    tell(reasonFor(error));
  }
  await calls.load();
  // Its row is a new one.
  if (document.activeElement === document.body)
    scope.root.querySelector<HTMLElement>(`[data-own-part="${CSS.escape(callId)}"]`)?.focus();
}
