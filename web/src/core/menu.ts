// Drop-down menus: open by click or key, arrows move, digits choose, Esc closes and gives the focus back.

import { isOff, one } from "./dom";

const GAP = 8;
const ITEMS = "[role=menuitem], .menu-item, input[type=radio]:checked";

/** The button that opened the menu; a menu that floats serves many. */
let openedBy: HTMLElement | null = null;

function menuOf(opener: HTMLElement): HTMLElement {
  return one(`#${opener.dataset.menu ?? ""}`);
}

function openMenu(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".menu:not([hidden])");
}

export function closeMenus(): void {
  const menu = openMenu();
  if (!menu) return;
  const inside = menu.contains(document.activeElement);
  menu.hidden = true;
  openedBy?.setAttribute("aria-expanded", "false");
  if (inside) openedBy?.focus();
  openedBy = null;
}

function toggle(opener: HTMLElement): void {
  const again = openedBy === opener;
  closeMenus();
  if (again) return;
  const menu = menuOf(opener);
  menu.hidden = false;
  openedBy = opener;
  opener.setAttribute("aria-expanded", "true");
  if (menu.classList.contains("menu-floating")) placeBeside(menu, opener);
  menu.querySelector<HTMLElement>(ITEMS)?.focus();
}

/** Under the button, or above it where there is no room. */
function placeBeside(menu: HTMLElement, opener: HTMLElement): void {
  const at = opener.getBoundingClientRect();
  const below = at.bottom + GAP + menu.offsetHeight <= innerHeight;
  menu.style.top = `${below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - menu.offsetHeight)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - GAP))}px`;
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
  else if (/^[1-9]$/.test(event.key))
    menu.querySelector(`[data-key="${event.key}"]`)?.closest<HTMLElement>(".menu-item")?.click();
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
  // A menu that floats does not follow its button.
  addEventListener("resize", closeMenus);
  addEventListener("scroll", () => openMenu()?.classList.contains("menu-floating") && closeMenus(), { passive: true });
}
