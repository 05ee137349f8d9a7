// A new user: a name is enough. What is left out the server chooses, and tells once.

import { html, render, type TemplateResult } from "lit-html";
import { post } from "../api/client";
import type { NewUser } from "../api/contract";
import { Cell } from "../core/cell";
import { icon } from "../core/dom";
import type { Scope } from "../core/scope";
import { Form } from "../forms/form";
import { choiceField, focusFault, saveLine, textField } from "../forms/view";
import { HINTS, NEW_USER } from "./fields";
import { secretsBox } from "./secrets";
import { PHONES, ROLES } from "./words";

const EMPTY = { name: "", role: "agent", kind: "web", extension: "", agent_id: "" };
type NewUserForm = Form<keyof typeof NEW_USER>;

export function mountNewUser(scope: Scope): void {
  const form: NewUserForm = new Form(EMPTY, NEW_USER);
  const made = new Cell<NewUser | null>(null);
  scope.holdsUnsaved = () => form.isDirty;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const user = await form.submit((changed) => post<NewUser>("/api/v1/admin/users", changed));
    if (!user) return focusFault(scope.root);
    form.reset(EMPTY);
    made.value = user;
    scope.root.querySelector<HTMLElement>("h1")?.focus();
  };
  const another = (): void => {
    made.value = null;
    scope.root.querySelector<HTMLElement>("h1")?.focus();
  };
  scope.render([form.changes, made], () =>
    render(made.value ? done(made.value, another) : page(form, (event) => void save(event)), scope.root),
  );
}

function page(form: NewUserForm, save: (event: Event) => void): TemplateResult {
  return html`
    <a class="page-back" href="/users">${icon("left")}<span>Users</span></a>
    <h1 class="page-title" tabindex="-1">New user</h1>
    <form class="panel form" novalidate @submit=${save} data-testid="new-user-form">
      ${textField(form, "name", { placeholder: "Anna Berg" })}
      ${choiceField(form, "role", ROLES)}
      ${choiceField(form, "kind", PHONES)}
      <div class="field-row">
        ${textField(form, "extension", { note: HINTS.newExtension, inputmode: "numeric" })}
        ${textField(form, "agent_id", { note: HINTS.newAgentId, inputmode: "numeric" })}
      </div>
      ${saveLine(form, "Add user", html`<a class="button" href="/users">Cancel</a>`)}
    </form>`;
}

function done(user: NewUser, another: () => void): TemplateResult {
  const secrets = [
    { label: "Name or agent id", value: `${user.name} or ${user.agent_id}` },
    { label: "Password", value: user.password },
    ...(user.sip_secret ? [{ label: `SIP secret of extension ${user.extension}`, value: user.sip_secret }] : []),
  ];
  return html`
    <a class="page-back" href="/users">${icon("left")}<span>Users</span></a>
    <h1 class="page-title" tabindex="-1">${user.name} can log in now</h1>
    <section class="panel form" aria-label="How to log in">
      ${secretsBox("Shown only this once", "Pass it on now. A password of their own is chosen at the first log-in.", secrets)}
      <div class="form-foot">
        <a class="button button-primary" href=${`/users?user=${user.user_id}`}><span>Open ${user.name}</span></a>
        <button class="button" type="button" @click=${another}>${icon("plus")}<span>Add another</span></button>
      </div>
    </section>`;
}
