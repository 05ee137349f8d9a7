// What of a page stands in its address: filters, order, and what is open. Back and a reload find it there.

import { Cell } from "../core/cell";

export class Address {
  readonly query = new Cell(new URLSearchParams(location.search));
  #search = location.search;

  /** What the page shows. When the browser goes to another one, the page is mounted anew. */
  get search(): string {
    return this.#search;
  }

  get(name: string): string {
    return this.query.value.get(name) ?? "";
  }

  /** Changes the address of the page that is shown; it stays mounted, and Back leads to the page before. Empty is left out. */
  set(changes: Record<string, string>): void {
    const next = withQuery(this.query.value, changes);
    this.#search = next.size > 0 ? `?${next}` : "";
    history.replaceState(history.state, "", location.pathname + this.#search);
    this.query.value = next;
  }
}

export function withQuery(query: URLSearchParams, changes: Record<string, string>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}
