// The menus of reasons to pause: the administrator's list, or some suggestions while that is empty.

import type { Desk } from "../api/contract";
import { type Cell, renderOn } from "../core/cell";
import { element } from "../core/dom";

const SUGGESTED = ["Break", "Lunch", "Meeting", "Training", "Other"];
const DIGITS = 9;

export function mountPauseReasons(desk: Cell<Desk | null>): void {
  let shown = "";
  renderOn([desk], () => {
    const listed = desk.value?.pause_reasons ?? [];
    const reasons = listed.length > 0 ? listed : SUGGESTED;
    if (shown === reasons.join("\n")) return;
    shown = reasons.join("\n");
    for (const list of document.querySelectorAll("[data-pause-reasons]")) list.replaceChildren(...reasons.map(item));
  });
}

function item(reason: string, index: number): HTMLElement {
  const digit = String(index + 1);
  const made = element(
    "button",
    {
      class: "menu-item",
      type: "button",
      role: "menuitem",
      "data-pause-reason": reason,
      "data-testid": "pause-reason",
    },
    element("span", {}, reason),
  );
  if (index < DIGITS) made.append(element("kbd", { "data-key": digit, "aria-hidden": "true" }, digit));
  return made;
}
