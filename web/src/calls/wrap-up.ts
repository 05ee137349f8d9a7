// The outcomes of a call, in the call bar during wrap-up: one click or one digit gives the code and ends the wrap-up.

import type { Call, WrapUpCode } from "../api/contract";
import { element, isOff, onClick, one, setPending, show } from "../core/dom";
import type { CallActions } from "./actions";

const DIGITS = [..."123456789"];

export function mountWrapUp(actions: CallActions): void {
  onClick("[data-code]", (button) => void actions.completeWrapUp(button.dataset.code ?? null));
}

/** The administrator's keys, the first to name one has it; the other codes get the digits that are left, in order. */
export function keyed(codes: readonly WrapUpCode[]): { name: string; key: string | null }[] {
  const owns = (code: WrapUpCode): boolean => codes.find((other) => other.key === code.key) === code;
  const left = DIGITS.filter((digit) => !codes.some((code) => code.key === digit));
  return codes.map((code) => ({
    name: code.name,
    key: code.key !== null && owns(code) ? code.key : (left.shift() ?? null),
  }));
}

export function renderCodes(bar: HTMLElement, call: Call, actions: CallActions): void {
  const group = one("[data-call-codes]", bar);
  const codes = call.stage === "wrap_up" ? keyed(call.wrap_up_codes) : [];
  show(group, codes.length > 0);
  bar.classList.toggle("has-codes", codes.length > 0);
  const list = JSON.stringify(codes);
  if (group.dataset.list !== list) {
    group.dataset.list = list;
    group.classList.toggle("is-one-row", codes.length <= 3);
    group.style.setProperty("--columns", String(codes.length <= 3 ? codes.length : Math.ceil(codes.length / 2)));
    group.replaceChildren(...codes.map(({ name, key }) => codeButton(name, key)));
  }
  const { code } = actions.state.value;
  for (const button of group.querySelectorAll<HTMLElement>("[data-code]")) {
    const chosen = button.dataset.code === code;
    button.setAttribute("aria-pressed", String(chosen));
    setPending(button, chosen && actions.isPending("wrap-up"));
  }
}

function codeButton(name: string, key: string | null): HTMLElement {
  const made = element("button", {
    class: "button button-code",
    type: "button",
    "data-code": name,
    "data-code-key": key,
    "data-testid": "wrap-up-code",
    title: name,
    "aria-keyshortcuts": key,
  });
  if (key !== null) made.append(element("kbd", { "aria-hidden": "true" }, key));
  made.append(element("span", {}, name));
  return made;
}

/** Presses the code of a digit. False when there is none now. */
export function pressCode(key: string): boolean {
  const button = document.querySelector<HTMLElement>(`[data-code-key="${key}"]`);
  if (!button || isOff(button)) return false;
  button.click();
  return true;
}
