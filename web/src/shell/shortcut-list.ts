// The list under "?": every action with its key, which can be changed there by pressing another; and the caps on the buttons.

import { renderOn } from "../core/cell";
import { element, icon, onClick, one, setText, show } from "../core/dom";
import { recall, remember } from "../core/preferences";
import { ACTIONS, actionOf, assign, capsOf, type KeyAction, keyOf, keys, objection, resetAll, USUAL } from "./keymap";

const DOES: Record<KeyAction, string> = {
  answer: "Answer the call",
  decline: "Decline the call",
  mute: "Mute or unmute",
  end: "End the call",
  hold: "Hold, or talk again",
  consult: "Consult somebody",
  transfer: "Transfer the call",
  "hand-over": "Hand over after a consultation",
  conference: "All together",
  cancel: "Back to the customer",
  recording: "Pause or resume the recording",
  keypad: "Keypad",
  dial: "Number to call",
  devices: "Microphone and speaker",
  ready: "Ready: end pause or wrap-up",
  "more-time": "More time for the wrap-up",
  pause: "Pause; 1 to 9 chooses the reason",
  help: "Show this list",
};
const HINT = "To change a key, press Change and then the new key.";
const MODIFIERS = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"];

/** The action that waits for its new key, and the taken key that was pressed once: pressed again, the two change places. */
let changing: KeyAction | null = null;
let taken: string | null = null;

export function mountShortcutList(): void {
  one("[data-shortcut-list]").replaceChildren(...ACTIONS.map(row));
  one("[data-shortcut-fixed]").replaceChildren(
    element(
      "tr",
      {},
      element("td", {}, "Wrap-up code: gives it and ends the wrap-up"),
      element("td", {}, ...caps(["1", "–", "9"])),
    ),
    element("tr", {}, element("td", {}, "Close a menu or a dialog"), element("td", {}, ...caps(["Esc"]))),
  );
  renderOn([keys], render);
  say(HINT);
  const dialog = one<HTMLDialogElement>("#shortcuts");
  dialog.addEventListener("keydown", onKey, { capture: true });
  dialog.addEventListener("close", () => {
    stop();
    say(HINT);
  });
  dialog.addEventListener("focusout", stop);
  onClick("[data-change-key]", (button) => start(button.dataset.changeKey as KeyAction));
  onClick("[data-reset-key]", (button) => reset(button.dataset.resetKey as KeyAction));
  onClick("[data-reset-keys]", () => {
    resetAll();
    say("All keys are the usual ones again.");
  });
  const box = one<HTMLInputElement>("[data-shortcuts-on]");
  box.checked = recall("shortcuts") !== "off";
  box.addEventListener("change", () => remember("shortcuts", box.checked ? "on" : "off"));
}

function row(action: KeyAction): HTMLElement {
  return element(
    "tr",
    { "data-shortcut": action, "data-testid": "shortcut" },
    element("th", { scope: "row" }, DOES[action]),
    element("td", { "data-caps": true }),
    element(
      "td",
      { class: "keys-change" },
      element(
        "button",
        { class: "icon-button", type: "button", "data-reset-key": action, "data-testid": "reset-key" },
        icon("back"),
      ),
      element(
        "button",
        { class: "button button-small", type: "button", "data-change-key": action, "data-testid": "change-key" },
        "Change",
      ),
    ),
  );
}

function render(): void {
  for (const action of ACTIONS) {
    const key = keys.value[action];
    const line = one(`[data-shortcut="${action}"]`);
    const words = spoken(key);
    one("[data-caps]", line).replaceChildren(...caps(capsOf(key)));
    renderChange(one("[data-change-key]", line), action);
    const usual = one("[data-reset-key]", line);
    if (key === USUAL[action] && usual === document.activeElement) one("[data-change-key]", line).focus();
    show(usual, key !== USUAL[action]);
    usual.title = `Use ${spoken(USUAL[action])} again`;
    usual.setAttribute("aria-label", `${DOES[action]}: use ${spoken(USUAL[action])} again`);
    renderOnPage(action, words);
  }
}

function renderChange(button: HTMLElement, action: KeyAction): void {
  const waits = changing === action;
  button.classList.toggle("button-primary", waits);
  button.setAttribute("aria-pressed", String(waits));
  setText(button, waits ? "Press a key" : "Change");
  button.setAttribute(
    "aria-label",
    waits
      ? `Press the new key for ${DOES[action]}`
      : `Change the key of ${DOES[action]}, now ${spoken(keys.value[action])}`,
  );
}

/** The caps on the buttons of the page, and the tips that name a key. A screen reader learns the key from the button itself. */
function renderOnPage(action: KeyAction, words: string): void {
  for (const cap of document.querySelectorAll<HTMLElement>(`[data-keycap="${action}"]`)) {
    setText(cap, capsOf(keys.value[action]).join(" ").replace("Shift", "⇧"));
    cap.closest("button")?.setAttribute("aria-keyshortcuts", words.replace(" ", "+"));
  }
  for (const button of document.querySelectorAll<HTMLElement>(`[data-key-tip="${action}"]`)) {
    button.title = `${button.dataset.tip ?? ""} (${words})`;
    button.setAttribute("aria-keyshortcuts", words.replace(" ", "+"));
  }
}

function spoken(key: string): string {
  return capsOf(key).join(" ");
}

function caps(names: readonly string[]): HTMLElement[] {
  return names.map((name) => (name === "–" ? element("span", { class: "key-to" }, name) : element("kbd", {}, name)));
}

function start(action: KeyAction): void {
  if (changing === action) {
    stop();
    return;
  }
  // Safari gives a clicked button no focus of its own.
  one(`[data-change-key="${action}"]`).focus();
  changing = action;
  taken = null;
  say(`${DOES[action]}: press the new key. Esc keeps ${spoken(keys.value[action])}.`);
  render();
}

function stop(): void {
  if (changing === null) return;
  changing = taken = null;
  render();
}

function onKey(event: KeyboardEvent): void {
  if (changing === null || event.ctrlKey || event.metaKey || event.altKey || MODIFIERS.includes(event.key)) return;
  if (event.key === "Tab") return;
  event.preventDefault();
  event.stopPropagation();
  if (event.repeat) return;
  if (event.key === "Escape") {
    say(`${DOES[changing]} keeps ${spoken(keys.value[changing])}.`);
    stop();
  } else take(changing, keyOf(event));
}

function take(action: KeyAction, key: string): void {
  const other = actionOf(key);
  const why = objection(action, key);
  if (why === null && other !== null && other !== action && taken !== key) {
    taken = key;
    say(`${spoken(key)} is “${DOES[other]}”. Press it again to let the two change places, or press another key.`);
    return;
  }
  const refusal = why ?? assign(action, key);
  if (refusal !== null) {
    say(refusal);
    return;
  }
  say(
    other !== null && other !== action
      ? `${DOES[action]}: ${spoken(key)}. ${DOES[other]}: ${spoken(keys.value[other])}.`
      : `${DOES[action]}: ${spoken(key)}.`,
  );
  stop();
}

function reset(action: KeyAction): void {
  const other = actionOf(USUAL[action]);
  const refusal = assign(action, USUAL[action]);
  say(
    refusal ??
      `${DOES[action]}: ${spoken(USUAL[action])}.${other && other !== action ? ` ${DOES[other]}: ${spoken(keys.value[other])}.` : ""}`,
  );
}

function say(message: string): void {
  setText(one("[data-shortcut-message]"), message);
}
