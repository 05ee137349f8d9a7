// The list of users: who may log in, as what, with which phone, and what they do just now.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Colleague, User } from "../api/contract";
import { icon } from "../core/dom";
import type { Scope } from "../core/scope";
import { countWords, Listing } from "../lists/listing";
import { countNote, emptyLine, failure, instead, moreButton, searchField, selectFilter, sortHead } from "../lists/view";
import type { Address } from "../pages/address";
import type { Opened } from "../pages/page";
import { doingWords, PHONES, phoneWord, ROLES, roleWord } from "./words";

const FILTERS = ["text", "role", "kind", "order"];
const USUAL_ORDER = "name";
type Floor = ReadonlyMap<string, Colleague>;

export function mountUserList(scope: Scope, { desk, address }: Opened): void {
  const list = new Listing<User>(scope, "users", "/api/v1/admin/users", "after");
  const load = (): void => {
    const filters = Object.fromEntries(FILTERS.map((name) => [name, address.get(name)]));
    void list.load({ ...filters, order: address.get("order") || USUAL_ORDER });
  };
  scope.watch(address.query, load);
  // Somebody was added or removed by somebody else.
  scope.watch(desk, (now, before) => {
    if (before && now?.agents?.length !== before.agents?.length) void list.load();
  });
  scope.render([...list.cells, address.query, desk], () => {
    const floor = new Map((desk.value?.agents ?? []).map((agent) => [agent.user_id, agent]));
    render(page(list, address, floor), scope.root);
  });
  load();
}

function page(list: Listing<User>, address: Address, floor: Floor): TemplateResult {
  const { items } = list.value.value ?? {};
  return html`
    <div class="page-head">
      <h1 class="page-title">Users</h1>
      <a class="button button-primary" href="/users?user=new" data-testid="new-user">${icon("plus")}<span>New user</span></a>
    </div>
    <section class="panel" aria-label="Users">
      <div class="list-head" role="search">
        ${searchField("Find a user", "Name, agent id or extension", address, "text")}
        ${selectFilter("Role", address, "role", [["", "All roles"], ...ROLES.map(([value, word]) => [value, word] as const)])}
        ${selectFilter("Phone", address, "kind", [["", "All phones"], ...PHONES.map(([value, word]) => [value, word] as const)])}
        ${countNote(list, (count) => countWords("users", count))}
      </div>
      ${failure(list)}
      ${instead(list, 5, nobody(address))}
      ${items && items.length > 0 ? table(items, address, floor) : nothing}
      ${moreButton(list)}
    </section>`;
}

function nobody(address: Address): TemplateResult {
  const isFiltered = FILTERS.some((name) => name !== "order" && address.get(name));
  return isFiltered
    ? emptyLine("user", "Nobody is like that.", "Look for a part of the name, or for how the number begins.")
    : emptyLine("user", "No users yet.", "Whoever you add can log in here.");
}

function table(items: readonly User[], address: Address, floor: Floor): TemplateResult {
  return html`<div class="list-scroll"><table class="data data-list" data-testid="users">
    <thead>
      <tr>
        ${sortHead("Name", address, "name", USUAL_ORDER)}
        <th scope="col">Role</th>
        ${sortHead("Agent id", address, "agent_id", USUAL_ORDER)}
        <th scope="col">Phone</th>
        <th scope="col">State</th>
      </tr>
    </thead>
    <tbody>${repeat(
      items,
      (user) => user.user_id,
      (user) => row(user, floor.get(user.user_id)),
    )}</tbody>
  </table></div>`;
}

function row(user: User, agent: Colleague | undefined): TemplateResult {
  return html`<tr data-user=${user.user_id} data-testid="user">
    <th scope="row"><a class="row-link" href=${`/users?user=${user.user_id}`}>${user.name}</a></th>
    <td>${user.role === "agent" ? roleWord(user.role) : html`<span class="chip chip-role">${roleWord(user.role)}</span>`}</td>
    <td class="figures">${user.agent_id}</td>
    <td><span class="cell-icon" title=${phoneWord(user.kind)}>${icon(user.kind === "sip" ? "device" : "headset")}<span
      class="figures">${user.extension ?? "–"}</span><span class="visually-hidden">${phoneWord(user.kind)}</span></span></td>
    <td>${agent ? doing(agent) : "–"}</td>
  </tr>`;
}

export function doing(agent: Colleague): TemplateResult {
  const { word, why, icon: image, value } = doingWords(agent);
  return html`<span class="doing" data-value=${value}><span class="doing-state">${icon(image)}<span>${word}</span></span>
    ${why ? html`<span class="doing-reason">${why}</span>` : nothing}</span>`;
}
