// Opens pages without loading the document anew, so that the shell, the live line and a call go on (History API).

import type { Permission } from "../api/contract";
import { Cell } from "../core/cell";
import { confirm } from "../core/confirm";
import { element } from "../core/dom";
import { closeMenus } from "../core/menu";
import { Scope } from "../core/scope";
import { pageTitle } from "../core/title";
import { Address } from "./address";
import type { Page, Shell } from "./page";
import { keepScroll, type ScrollKeeper } from "./scroll";

const UNSAVED = {
  title: "Leave without saving?",
  words: "What you have written on this page is not saved yet.",
  yes: "Leave without saving",
  no: "Stay",
  isHarmful: true,
};

export class Router {
  readonly current = new Cell<Page | null>(null);
  #scope: Scope | null = null;
  #address = new Address();
  /** Back was taken back, to ask first: the browser tells of that as well. */
  #isReturning = false;
  readonly #scroll: ScrollKeeper;

  constructor(
    private readonly main: HTMLElement,
    private readonly pages: readonly Page[],
    readonly permissions: Cell<ReadonlySet<Permission>>,
    private readonly shell: Shell,
  ) {
    this.#scroll = keepScroll(main);
  }

  /** The pages that this user may open. */
  get open(): readonly Page[] {
    return this.pages.filter((page) => this.permissions.value.has(page.permission));
  }

  /** Shows the page of the present address; links and Back are followed until `stopped`. */
  start(stopped: AbortSignal = new AbortController().signal): void {
    document.addEventListener("click", (event) => this.#onClick(event), { signal: stopped });
    addEventListener("popstate", () => this.#onBack(), { signal: stopped });
    addEventListener("beforeunload", (event) => this.#scope?.holdsUnsaved() && event.preventDefault(), {
      signal: stopped,
    });
    this.permissions.watch((now, before) => {
      const needed = this.current.value?.permission;
      if (needed && now.has(needed) !== before.has(needed)) this.#show();
    });
    this.#show();
    this.#scroll.restore();
  }

  /** Goes on to a page. False when its address is not one of ours. */
  go(address: URL): boolean {
    if (address.origin !== location.origin || !this.#find(address.pathname)) return false;
    if (address.href !== location.href) this.#unlessUnsaved(() => this.#goOn(address));
    else {
      scrollTo(0, 0);
      this.#focusHeading();
    }
    return true;
  }

  #goOn(address: URL): void {
    this.#scroll.leave();
    history.pushState(this.#scroll.nextEntry(), "", address);
    this.#show();
    scrollTo(0, 0);
    this.#focusHeading();
  }

  /** Leaves the page at once, or asks first when something would be lost. */
  #unlessUnsaved(leave: () => void): void {
    const scope = this.#scope;
    if (!scope?.holdsUnsaved()) {
      leave();
      return;
    }
    void confirm(UNSAVED).then((yes) => {
      if (!yes) return;
      scope.holdsUnsaved = () => false;
      leave();
    });
  }

  #goTo(path: string): void {
    this.go(new URL(path, location.href));
  }

  #find(path: string): Page | undefined {
    return this.pages.find((page) => page.path === path);
  }

  #onClick(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link?.href || link.target || link.hasAttribute("download") || link.dataset.reload !== undefined) return;
    const address = new URL(link.href);
    // A place in this page, such as that of "Skip to the page", is the browser's.
    if (address.hash && address.pathname === location.pathname && address.search === location.search) return;
    if (!this.go(address)) return;
    event.preventDefault();
    closeMenus();
  }

  #onBack(): void {
    if (this.#isReturning) {
      this.#isReturning = false;
      return;
    }
    const same = this.current.value === this.#find(location.pathname) && this.#address.search === location.search;
    const steps = this.#scroll.steps();
    if (!same && steps !== 0 && this.#scope?.holdsUnsaved()) {
      this.#isReturning = true;
      history.go(-steps);
      this.#unlessUnsaved(() => history.go(steps));
      return;
    }
    this.#scroll.leave();
    const known = this.#scroll.arrive();
    if (!same) {
      this.#show();
      this.#focusHeading();
    }
    // To a new place in the same page the browser scrolls itself.
    if (known || !same) this.#scroll.restore();
  }

  #show(): void {
    this.#scope?.end();
    const page = this.#find(location.pathname) ?? null;
    // A fresh element: nothing that the page before has hung on it stays.
    const root = element("div");
    const scope = new Scope(root);
    this.#scope = scope;
    this.#address = new Address();
    this.main.replaceChildren(root);
    pageTitle.value = page?.title ?? "";
    if (page && this.permissions.value.has(page.permission))
      page.mount(scope, { ...this.shell, address: this.#address, go: (path) => this.#goTo(path) });
    else root.append(element("h1", {}, "This page is not for you"), element("p", {}, "Ask your administrator."));
    this.current.value = page;
  }

  /** A screen reader reads where one has arrived, and the keyboard goes on from there. */
  #focusHeading(): void {
    const heading = this.main.querySelector("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}
