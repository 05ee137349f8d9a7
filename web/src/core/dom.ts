// Small helpers over the DOM. Text goes in as text: nothing a caller sends is ever parsed as markup.

import { spriteAddress } from "./sprite";

type Attributes = Record<string, string | number | boolean | null>;

/** The one element that matches; an error names the selector when the template has lost it. */
export function one<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): E {
  const found = root.querySelector<E>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

export function maybe<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): E | null {
  return root.querySelector<E>(selector);
}

export function element(tag: string, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", spriteAddress(name));
  svg.append(use);
  return svg;
}

/** Points the icon inside `holder` at another symbol. */
export function setIcon(holder: Element, name: string): void {
  const use = holder.querySelector("use");
  const address = spriteAddress(name);
  if (use && use.getAttribute("href") !== address) use.setAttribute("href", address);
}

export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

const announcing = new WeakMap<Element, ReturnType<typeof setTimeout>>();

/** Lets a live region be read out, also when it says the same as before. */
export function announce(region: Element, text: string): void {
  clearTimeout(announcing.get(region));
  region.textContent = "";
  announcing.set(
    region,
    setTimeout(() => setText(region, text), 60),
  );
}

export function show(target: HTMLElement, visible: boolean): void {
  target.hidden = !visible;
}

/** Says something on a line that is only there while something is said; null takes it away. */
export function say(line: HTMLElement | null, words: string | null): void {
  if (!line) return;
  setText(line, words ?? "");
  show(line, words !== null);
}

/** Puts rows in, most of which were there before; the button that was just pressed keeps the keyboard when its row moves. */
export function placeRows(body: HTMLElement, rows: readonly HTMLElement[]): void {
  if (rows.length === body.children.length && rows.every((made, at) => made === body.children[at])) return;
  const focused = document.activeElement;
  body.replaceChildren(...rows);
  if (focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true });
}

/** Shows that a button waits for the server. It stays focusable, so that the keyboard does not lose its place. */
export function setPending(button: HTMLElement, pending: boolean): void {
  button.classList.toggle("is-pending", pending);
  button.setAttribute("aria-busy", String(pending));
  button.setAttribute("aria-disabled", String(pending || button.hasAttribute("data-off")));
}

/** Turns a button off without removing it from the keyboard's path. */
export function setOff(button: HTMLElement, off: boolean): void {
  button.toggleAttribute("data-off", off);
  button.setAttribute("aria-disabled", String(off || button.classList.contains("is-pending")));
}

export function isOff(button: HTMLElement): boolean {
  return button.getAttribute("aria-disabled") === "true" || button.closest("[hidden]") !== null;
}

/** Where, and until when, clicks are heard. */
interface Within {
  root: HTMLElement | Document;
  signal?: AbortSignal;
}

/** Runs `action` on a click of any element, now or later, that matches `selector`. */
export function onClick(selector: string, action: (button: HTMLElement) => void, within?: Within): void {
  const { root, signal } = within ?? { root: document };
  root.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
      if (button && !isOff(button)) action(button);
    },
    signal ? { signal } : {},
  );
}
