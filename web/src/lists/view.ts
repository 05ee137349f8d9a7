// How lists look, whatever is in them: their filters, their heads, and what stands there while there is nothing to show.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { icon } from "../core/dom";
import { type Address, withQuery } from "../pages/address";
import { t } from "../texts/texts";
import type { Listing } from "./listing";

/** What of a list is drawn: of one that has parts, or of one that has not. */
export interface Shown<T> {
  readonly name: string;
  readonly value: { readonly value: { items: readonly T[] } | null };
  readonly failure: { readonly value: string | null };
}

type Drawn = TemplateResult | typeof nothing;

/** A few words with a choice each, of which one is chosen; each has its own address. */
export function segments(
  label: string,
  address: Address,
  name: string,
  choices: readonly (readonly [value: string, words: string])[],
): TemplateResult {
  const chosen = address.get(name);
  return html`<nav class="segments" aria-label=${label}>${choices.map(([value, words]) => {
    const query = withQuery(address.query.value, { [name]: value });
    const path = location.pathname + (query.size > 0 ? `?${query}` : "");
    return html`<a class="segment" href=${path} aria-current=${value === chosen ? "page" : "false"}>${words}</a>`;
  })}</nav>`;
}

const TYPING_MS = 250;
const typing = new WeakMap<Address, ReturnType<typeof setTimeout>>();

/** Finds as one types, a moment after the last letter. */
export function searchField(label: string, hint: string, address: Address, name: string): TemplateResult {
  const typed = (event: Event): void => {
    const value = (event.target as HTMLInputElement).value;
    clearTimeout(typing.get(address));
    typing.set(
      address,
      setTimeout(() => address.set({ [name]: value }), TYPING_MS),
    );
  };
  return html`<input class="panel-search list-search" type="search" maxlength="80" aria-label=${label} placeholder=${hint}
    value=${address.get(name)} data-testid="list-search" @input=${typed} />`;
}

export function selectFilter(
  label: string,
  address: Address,
  name: string,
  choices: readonly (readonly [value: string, words: string])[],
): TemplateResult {
  const chosen = (event: Event): void => address.set({ [name]: (event.target as HTMLSelectElement).value });
  return html`<select class="panel-search" aria-label=${label} data-filter=${name} @change=${chosen}
    .value=${live(address.get(name))}>${choices.map(
      ([value, words]) => html`<option value=${value} ?selected=${value === address.get(name)}>${words}</option>`,
    )}</select>`;
}

/** A head of a table that sorts by its column. `usual` is how the list is sorted when its address says nothing. */
export function sortHead(words: string, address: Address, by: string, usual: string): TemplateResult {
  const isChosen = (address.get("order") || usual) === by;
  return html`<th scope="col" aria-sort=${isChosen ? "ascending" : "none"}>
    <button class="sort" type="button" data-sort=${by} @click=${() => address.set({ order: by === usual ? "" : by })}>
      ${words}<span class="sort-mark">${icon(isChosen ? "up" : "sort")}</span>
    </button>
  </th>`;
}

/** How many there are, where that is known. */
export function countNote<T>(list: Listing<T>, words: (count: number) => string): TemplateResult {
  const { count } = list.value.value ?? {};
  return html`<span class="panel-note" role="status" data-testid="list-count">${
    typeof count === "number" ? words(count) : nothing
  }</span>`;
}

/** What stands in place of rows: why they are not there, that they come, or what would be there. */
export function instead<T>(list: Shown<T>, cells: number, empty: TemplateResult): Drawn {
  const { items } = list.value.value ?? {};
  if (items === undefined) return list.failure.value === null ? bones(cells) : nothing;
  return items.length === 0 ? empty : nothing;
}

export function failure<T>(list: Shown<T>): Drawn {
  if (list.failure.value === null) return nothing;
  return html`<p class="nothing nothing-failed" role="alert" data-testid=${`${list.name}-failed`}>
    ${icon("alert")}<span>${list.failure.value}</span>
    <button class="button button-small" type="button" data-retry=${list.name}>${t("list.retry")}</button>
  </p>`;
}

export function emptyLine(image: string, strong: string, words: string): TemplateResult {
  return html`<p class="nothing" data-testid="list-empty">${icon(image)}<span><strong>${strong}</strong> ${words}</span></p>`;
}

export function moreButton<T>(list: Listing<T>): Drawn {
  if (!list.value.value?.next) return nothing;
  const waits = list.isGrowing.value;
  return html`<button class="button button-small panel-more ${waits ? "is-pending" : ""}" type="button"
    data-more=${list.name} data-testid="list-more" aria-busy=${waits} aria-disabled=${waits}>${t("list.more")}</button>`;
}

const ROWS = [1, 2, 3, 4, 5, 6];

function bones(cells: number): TemplateResult {
  const cell = html`<td><i></i></td>`;
  return html`<table class="data" aria-hidden="true"><tbody>${ROWS.map(
    () => html`<tr class="skeleton">${Array.from({ length: cells }, () => cell)}</tr>`,
  )}</tbody></table>`;
}
