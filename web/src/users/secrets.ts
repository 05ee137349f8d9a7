// Passwords and secrets that are shown once: nobody, not even Everline, can show them again.

import { html, type TemplateResult } from "lit-html";
import { icon } from "../core/dom";

export interface Secret {
  label: string;
  value: string;
}

export function secretsBox(title: string, words: string, secrets: readonly Secret[]): TemplateResult {
  return html`<div class="secrets" role="status" data-testid="secrets">
    <p class="secrets-title">${icon("key")}<strong>${title}</strong></p>
    <p>${words}</p>
    <dl>${secrets.map(
      ({ label, value }) => html`<div><dt>${label}</dt>
        <dd><code class="figures">${value}</code>${copyButton(label, value)}</dd></div>`,
    )}</dl>
  </div>`;
}

function copyButton(label: string, value: string): TemplateResult {
  const copy = (event: Event): void => {
    const button = event.currentTarget as HTMLElement;
    navigator.clipboard.writeText(value).then(
      () => button.classList.add("is-copied"),
      // Without leave to write there, the value can still be marked and copied by hand.
      () => getSelection()?.selectAllChildren(button.previousElementSibling ?? button),
    );
  };
  return html`<button class="icon-button copy" type="button" aria-label=${`Copy: ${label}`} title="Copy" @click=${copy}>${icon("copy")}</button>`;
}
