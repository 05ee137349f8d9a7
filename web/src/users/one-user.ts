// One user: who it is, which phone, how to log in; and the way to take all of it away.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { get, post, put, Refusal, reasonFor, remove, request } from "../api/client";
import type { Colleague, User, UserDetails, UserPhone } from "../api/contract";
import { Cell } from "../core/cell";
import { confirm } from "../core/confirm";
import { icon } from "../core/dom";
import type { Scope } from "../core/scope";
import { Form } from "../forms/form";
import { choiceField, focusFault, saveLine, textField } from "../forms/view";
import type { Opened } from "../pages/page";
import { HINTS, PHONE, USER } from "./fields";
import { type Secret, secretsBox } from "./secrets";
import { doing } from "./user-list";
import { PHONES, ROLES } from "./words";

type Details = Form<keyof typeof USER>;
type Phone = Form<keyof typeof PHONE>;

/** What is shown of a user, and what may be done to it. */
class UserPage {
  readonly user = new Cell<UserDetails | null>(null);
  readonly failure = new Cell<string | null>(null);
  readonly secret = new Cell<Secret | null>(null);
  /** What of the log-in has just been done, or why not. */
  readonly word = new Cell<{ text: string; isFault: boolean } | null>(null);
  readonly details: Details = new Form({ name: "", agent_id: "", role: "", shown_number: "" }, USER);
  readonly phone: Phone = new Form({ kind: "", extension: "" }, PHONE);
  readonly #path: string;

  constructor(
    private readonly scope: Scope,
    private readonly opened: Opened,
    readonly id: string,
  ) {
    this.#path = `/api/v1/admin/users/${encodeURIComponent(id)}`;
    scope.holdsUnsaved = () => this.details.isDirty || this.phone.isDirty;
  }

  get agent(): Colleague | undefined {
    return this.opened.desk.value?.agents?.find(({ user_id }) => user_id === this.id);
  }

  get isMe(): boolean {
    return this.opened.desk.value?.agent.user_id === this.id;
  }

  async load(): Promise<void> {
    try {
      const user = await get<UserDetails>(this.#path);
      if (this.scope.isOver) return;
      this.#show(user);
      this.phone.reset({ kind: user.kind ?? "web", extension: user.extension ?? "" });
      this.user.value = user;
      this.failure.value = null;
    } catch (error) {
      const isGone = error instanceof Refusal && (error.status === 404 || error.status === 422);
      this.failure.value = isGone ? "There is no such user. Perhaps somebody has removed it." : reasonFor(error);
    }
  }

  #show(user: User): void {
    const { name, agent_id, role, shown_number } = user;
    this.details.reset({ name, agent_id, role, shown_number: shown_number ?? "" });
  }

  async saveDetails(): Promise<void> {
    const user = await this.details.submit((changed) => request<User>("PATCH", this.#path, changed));
    if (!user) return focusFault(this.scope.root);
    this.#show(user);
    this.details.isSaved = true;
    if (this.user.value) this.user.value = { ...this.user.value, ...user };
  }

  async savePhone(): Promise<void> {
    if (!this.phone.isDirty || !(await confirm(this.#aboutPhone()))) return;
    const { kind, extension } = { kind: this.phone.get("kind"), extension: this.phone.get("extension").trim() };
    const phone = await this.phone.submit(() => put<UserPhone>(`${this.#path}/phone`, { kind, number: extension }));
    if (!phone) return focusFault(this.scope.root);
    this.phone.reset({ kind: phone.kind, extension: phone.number });
    this.phone.isSaved = true;
    if (this.user.value) this.user.value = { ...this.user.value, kind: phone.kind, extension: phone.number };
    if (phone.sip_secret)
      this.secret.value = { label: `SIP secret of extension ${phone.number}`, value: phone.sip_secret };
  }

  #aboutPhone(): Parameters<typeof confirm>[0] {
    const name = this.user.value?.name ?? "";
    return {
      title: `Change the phone of ${name}?`,
      words: this.isMe ? "You will be logged out, and log in with the new phone." : `${name} will be logged out.`,
      yes: "Change phone",
    };
  }

  async resetPassword(): Promise<void> {
    const name = this.user.value?.name ?? "";
    const words = `The present password ends, and ${this.isMe ? "you are" : `${name} is`} logged out. The new one is shown once.`;
    if (!(await confirm({ title: `Give ${name} a new password?`, words, yes: "New password" }))) return;
    await this.#do(async () => {
      const { password } = await post<{ password: string }>(`${this.#path}/password`);
      this.secret.value = { label: "New password", value: password };
    });
  }

  async resetSecret(): Promise<void> {
    const words = "The phone has to register anew, with the new secret. It is shown once.";
    if (!(await confirm({ title: "Give the phone a new secret?", words, yes: "New secret" }))) return;
    await this.#do(async () => {
      const { sip_secret } = await post<{ sip_secret: string }>(`${this.#path}/sip-secret`);
      this.secret.value = { label: "New SIP secret", value: sip_secret };
    });
  }

  async forgetFailures(): Promise<void> {
    await this.#do(async () => {
      await remove(`${this.#path}/failed-logins`);
      this.word.value = { text: "Failed log-ins are forgotten: the next one need not wait.", isFault: false };
    });
  }

  async remove(): Promise<void> {
    const name = this.user.value?.name ?? "";
    const words = `${name} can no longer log in, and the phone is taken away. Calls and recordings stay.`;
    const yes = await confirm({ title: `Remove ${name}?`, words, yes: "Remove user", isHarmful: true });
    if (!yes) return;
    await this.#do(async () => {
      await remove(this.#path);
      this.scope.holdsUnsaved = () => false;
      this.opened.go("/users");
    });
  }

  async #do(action: () => Promise<void>): Promise<void> {
    this.word.value = null;
    this.secret.value = null;
    try {
      await action();
    } catch (error) {
      this.word.value = { text: reasonFor(error), isFault: true };
    }
  }
}

export function mountUser(scope: Scope, opened: Opened, id: string): void {
  const shown = new UserPage(scope, opened, id);
  const cells = [shown.user, shown.failure, shown.secret, shown.word, shown.details.changes, shown.phone.changes];
  scope.onClick('[data-retry="user"]', () => void shown.load());
  scope.render([...cells, opened.desk], () => render(page(shown), scope.root));
  void shown.load();
}

function page(shown: UserPage): TemplateResult {
  const user = shown.user.value;
  return html`
    <a class="page-back" href="/users">${icon("left")}<span>Users</span></a>
    <div class="page-head">
      <h1 class="page-title" tabindex="-1">${user?.name ?? "User"}</h1>
      <span class="page-state">${shown.agent ? doing(shown.agent) : nothing}</span>
    </div>
    ${shown.failure.value === null ? nothing : gone(shown.failure.value)}
    ${user ? html`<div class="form-columns"><div>${details(shown)}</div><div>${phone(shown)}${access(shown, user)}${work(user)}</div></div>` : nothing}`;
}

function gone(words: string): TemplateResult {
  return html`<section class="panel" aria-label="User"><p class="nothing nothing-failed" role="alert" data-testid="user-failed">
    ${icon("alert")}<span>${words}</span>
    <button class="button button-small" type="button" data-retry="user">Try again</button>
  </p></section>`;
}

function details(shown: UserPage): TemplateResult {
  const form = shown.details;
  const save = (event: Event): void => {
    event.preventDefault();
    void shown.saveDetails();
  };
  return html`<form class="panel form" novalidate @submit=${save} aria-labelledby="user-details" data-testid="user-form">
    <h2 id="user-details">Details</h2>
    ${textField(form, "name")}
    ${textField(form, "agent_id", { note: HINTS.agent_id, inputmode: "numeric" })}
    ${choiceField(form, "role", ROLES)}
    ${textField(form, "shown_number", { note: HINTS.shown_number, inputmode: "tel", placeholder: "+49301230" })}
    ${saveLine(form, "Save")}
  </form>`;
}

function phone(shown: UserPage): TemplateResult {
  const form = shown.phone;
  const save = (event: Event): void => {
    event.preventDefault();
    void shown.savePhone();
  };
  return html`<form class="panel form" novalidate @submit=${save} aria-labelledby="user-phone" data-testid="phone-form">
    <h2 id="user-phone">Phone</h2>
    ${choiceField(form, "kind", PHONES)}
    ${textField(form, "extension", { inputmode: "numeric" })}
    ${saveLine(form, "Change phone")}
  </form>`;
}

function access(shown: UserPage, user: UserDetails): TemplateResult {
  const [secret, word] = [shown.secret.value, shown.word.value];
  return html`<section class="panel form" aria-labelledby="user-access">
    <h2 id="user-access">Log-in</h2>
    <div class="form-actions">
      ${action("key", "Reset password", "reset-password", () => shown.resetPassword())}
      ${user.kind === "sip" ? action("device", "New SIP secret", "reset-secret", () => shown.resetSecret()) : nothing}
      ${action("lock", "Forget failed log-ins", "forget-failures", () => shown.forgetFailures())}
      ${action("trash", "Remove user", "remove-user", () => shown.remove(), "button-harmful")}
    </div>
    ${secret ? secretsBox("Shown only this once", "Pass it on now: it cannot be shown again.", [secret]) : nothing}
    <p class=${word?.isFault ? "form-message" : "form-saved"} role="status" data-testid="access-word">${
      word ? html`${icon(word.isFault ? "alert" : "check")}<span>${word.text}</span>` : nothing
    }</p>
  </section>`;
}

function action(image: string, words: string, name: string, run: () => Promise<void>, kind = ""): TemplateResult {
  return html`<button class="button button-small ${kind}" type="button" data-testid=${name} @click=${() => void run()}>${icon(image)}<span>${words}</span></button>`;
}

function work(user: UserDetails): TemplateResult {
  const queues = user.queues.map(({ queue }) => queue);
  const skills = user.skills.map(({ skill, level }) => `${skill} ${level}`);
  return html`<section class="panel form" aria-labelledby="user-work">
    <h2 id="user-work">Work</h2>
    <dl class="facts">
      <div><dt>Queues</dt><dd>${queues.length > 0 ? queues.join(", ") : "None yet"}</dd></div>
      <div><dt>Skills</dt><dd>${skills.length > 0 ? skills.join(", ") : "None"}</dd></div>
    </dl>
  </section>`;
}
