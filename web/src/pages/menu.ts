// The menu of pages: beside the page, and behind a button of the top bar where there is no room.

import { html, render, type TemplateResult } from "lit-html";
import { renderOn } from "../core/cell";
import { icon, one } from "../core/dom";
import type { Page } from "./page";
import type { Router } from "./router";

export function mountPageMenu(router: Router): void {
  const [side, narrow] = [one("[data-page-menu]"), one("[data-page-menu-narrow]")];
  renderOn([router.current, router.permissions], () => {
    render(linksOf(router, "side-link"), side);
    render(linksOf(router, "menu-item"), narrow);
  });
}

function linksOf({ open, current }: Router, kind: string): TemplateResult[] {
  return open.map((page) => link(page, kind, page === current.value));
}

function link({ path, title, icon: image }: Page, kind: string, isCurrent: boolean): TemplateResult {
  return html`<a class=${kind} href=${path} aria-current=${isCurrent ? "page" : "false"}>${icon(image)}<span>${title}</span></a>`;
}
