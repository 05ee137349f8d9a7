// Passwords and secrets that are shown once: nobody, not even Everline, can show them again.

import { html, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { element, icon, setIcon } from "../core/dom";

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

/** Made once a secret, so that it stays marked as copied. */
function copyButton(label: string, value: string): unknown {
  return guard([label, value], () => {
    const attributes = { class: "icon-button copy", type: "button", title: "Copy", "aria-label": `Copy: ${label}` };
    const button = element("button", attributes, icon("copy"));
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(value).then(
        () => copied(button, label),
        // Without leave to write there, it is marked, to be copied by hand.
        () => getSelection()?.selectAllChildren(button.previousElementSibling ?? button),
      );
    });
    return button;
  });
}

function copied(button: HTMLElement, label: string): void {
  setIcon(button, "check");
  button.classList.add("is-copied");
  button.title = "Copied";
  button.setAttribute("aria-label", `Copied: ${label}`);
}
