// How forms look: a label, a field, what it takes, and what is wrong with it; and the line with the button that saves.

import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { icon } from "../core/dom";
import type { Form } from "./form";

type Drawn = TemplateResult | typeof nothing;

export interface Look {
  note?: string;
  placeholder?: string;
  inputmode?: "numeric" | "tel";
}

export function textField<K extends string>(form: Form<K>, name: K, look: Look = {}): TemplateResult {
  const field = form.fields[name];
  return framed(
    form,
    name,
    look.note,
    html`<input class="form-control" id=${idOf(name)} type="text" autocomplete="off" spellcheck="false"
      maxlength=${field.maxLength ?? 200} inputmode=${look.inputmode ?? "text"} placeholder=${look.placeholder ?? ""}
      .value=${live(form.get(name))} data-field=${name} aria-invalid=${form.fault(name) !== null}
      aria-describedby=${describedBy(form, name, look.note)} aria-required=${field.required ?? false}
      @input=${(event: Event) => form.set(name, (event.target as HTMLInputElement).value)}
      @blur=${(event: FocusEvent) => left(form, name, event)} />`,
  );
}

export function choiceField<K extends string>(
  form: Form<K>,
  name: K,
  choices: readonly (readonly [value: string, words: string, note?: string])[],
): TemplateResult {
  const fault = form.fault(name);
  return html`<fieldset class="field field-choices" aria-describedby=${fault ? faultId(name) : nothing}>
    <legend class="form-label">${form.fields[name].label}</legend>
    ${choices.map(
      ([value, words, note]) => html`<label class="choice">
        <input type="radio" name=${name} value=${value} .checked=${live(form.get(name) === value)} data-field=${name}
          @change=${() => form.set(name, value)} />
        <span><strong>${words}</strong>${note ? html`<span class="field-note">${note}</span>` : nothing}</span>
      </label>`,
    )}
    ${faultLine(name, fault)}
  </fieldset>`;
}

/** The button that saves, and beside it what has become of the last press. */
export function saveLine<K extends string>(form: Form<K>, words: string, others: Drawn = nothing): TemplateResult {
  return html`<div class="form-foot">
      <button class="button ${form.isDirty ? "button-primary" : ""} ${form.isSaving ? "is-pending" : ""}" type="submit"
        aria-busy=${form.isSaving} aria-disabled=${form.isSaving}>${icon("check")}<span>${words}</span></button>
      ${others}
      <p class="form-saved" role="status">${form.isSaved ? html`${icon("check")}<span>Saved</span>` : nothing}</p>
    </div>
    ${form.message === null ? nothing : html`<p class="form-message" role="alert">${icon("alert")}<span>${form.message}</span></p>`}`;
}

/** After a press that did not save: to the first field that is wrong. */
export function focusFault(root: ParentNode): void {
  root.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

function framed<K extends string>(
  form: Form<K>,
  name: K,
  note: string | undefined,
  input: TemplateResult,
): TemplateResult {
  const field = form.fields[name];
  return html`<div class="field">
    <label class="form-label" for=${idOf(name)}>${field.label}${field.required ? nothing : html` <span class="field-optional">optional</span>`}</label>
    ${input}
    ${note ? html`<p class="field-note" id=${noteId(name)}>${note}</p>` : nothing}
    ${faultLine(name, form.fault(name))}
  </div>`;
}

function faultLine(name: string, fault: string | null): TemplateResult {
  return html`<p class="field-fault" id=${faultId(name)} aria-live="polite">${fault === null ? nothing : html`${icon("alert")}<span>${fault}</span>`}</p>`;
}

function describedBy<K extends string>(form: Form<K>, name: K, note?: string): string {
  return [form.fault(name) === null ? "" : faultId(name), note ? noteId(name) : ""].filter(Boolean).join(" ");
}

/** A browser that gives a pressed button no focus has let go of the field a moment before the press arrives. */
const PRESS_MS = 200;

/** What is then said moves what stands below: a button must not move away under the press that has left the field. */
function left<K extends string>(form: Form<K>, name: K, { relatedTarget }: FocusEvent): void {
  if (relatedTarget instanceof Element && relatedTarget.closest("button, a")) return;
  if (relatedTarget === null) setTimeout(() => form.leave(name), PRESS_MS);
  else form.leave(name);
}

const idOf = (name: string): string => `field-${name}`;
const noteId = (name: string): string => `note-${name}`;
const faultId = (name: string): string => `fault-${name}`;
