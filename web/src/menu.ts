// Drop-down menus: open by click or key, arrows move, digits choose, Esc closes and gives the focus back.

import { isOff, one } from "./dom";

const ITEMS = "[role=menuitem], .menu-item, input[type=radio]:checked";

function openers(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-menu]")];
}

function menuOf(opener: HTMLElement): HTMLElement {
  return one(`#${opener.dataset["menu"] ?? ""}`);
}

function openMenu(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".menu:not([hidden])");
}

export function closeMenus(): void {
  for (const opener of openers()) {
    const menu = menuOf(opener);
    if (menu.hidden) continue;
    const inside = menu.contains(document.activeElement);
    menu.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (inside) opener.focus();
  }
}

function toggle(opener: HTMLElement): void {
  const menu = menuOf(opener);
  const opening = menu.hidden;
  closeMenus();
  if (!opening) return;
  menu.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  menu.querySelector<HTMLElement>(ITEMS)?.focus();
}

function move(menu: HTMLElement, step: number): void {
  const items = [...menu.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function onKey(event: KeyboardEvent): void {
  const menu = openMenu();
  if (!menu) return;
  if (event.key === "Escape" || event.key === "Tab") closeMenus();
  else if (event.target instanceof HTMLInputElement) return;
  else if (event.key === "ArrowDown") move(menu, 1);
  else if (event.key === "ArrowUp") move(menu, -1);
  else if (/^[1-9]$/.test(event.key)) menu.querySelector(`[data-key="${event.key}"]`)?.closest<HTMLElement>(".menu-item")?.click();
  else return;
  if (event.key !== "Tab") event.preventDefault();
}

export function mountMenus(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest<HTMLElement>("[data-menu]");
    if (opener && !isOff(opener)) toggle(opener);
    else if (!target?.closest(".menu")) closeMenus();
  });
  document.addEventListener("keydown", onKey);
}
