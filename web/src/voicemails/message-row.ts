// A voicemail as a row of a table, below which its player opens.

import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import type { Voicemail } from "../api/contract";
import { callerLabel, callerName, callerNumber } from "../calls/caller";
import { callBackButton } from "../calls/dial";
import { formatDuration, formatMoment } from "../core/clock";
import { element, icon } from "../core/dom";
import { t } from "../texts/texts";

const COLUMNS = 6;

export function messageRow(message: Voicemail, canDial: boolean): TemplateResult {
  const isNew = message.heard_at === null;
  const heard = isNew
    ? t("voicemails.notHeard")
    : t("voicemails.heardByAt", {
        who: message.heard_by ?? t("voicemails.somebody"),
        at: formatMoment(message.heard_at ?? ""),
      });
  return html`<tbody data-voicemail=${message.id} data-who=${callerLabel(message)} data-value=${isNew ? "new" : "heard"}
    data-testid="message">
    <tr>
      <th scope="row">
        <span class="message-who"><span class="voicemail-dot"></span>
          <span class="who" title=${`${callerName(message)} ${callerNumber(message)}`}><strong>${callerLabel(message)}</strong>${
            message.customer_name ? html`<span class="figures">${callerNumber(message)}</span>` : nothing
          }</span></span>
      </th>
      <td>${message.queue}</td>
      <td class="number figures">${formatMoment(message.left_at)}</td>
      <td class="number figures">${formatDuration(Math.round(message.seconds))}</td>
      <td class="message-heard">${heard}</td>
      <td class="message-actions">${isNew ? markButton(message) : nothing}${canDial ? callBack(message) : nothing}${playButton(message)}</td>
    </tr>
    <tr class="message-player" hidden><td colspan=${COLUMNS} data-player></td></tr>
  </tbody>`;
}

function markButton(message: Voicemail): TemplateResult {
  const label = t("voicemails.markOf", { who: callerLabel(message) });
  return html`<button class="icon-button" type="button" data-mark-heard=${message.id} aria-label=${label}
    title=${t("voicemails.mark")} data-testid="mark-heard">${icon("check")}</button>`;
}

/** Made once a message: what it shows while it plays is the player's. */
function playButton(message: Voicemail): unknown {
  return guard([message.id], () =>
    element(
      "button",
      {
        class: "icon-button voicemail-play",
        type: "button",
        "data-play": message.id,
        "data-testid": "voicemail-play",
        "aria-label": t("voicemails.playOf", { who: callerLabel(message) }),
      },
      icon("play"),
    ),
  );
}

function callBack(message: Voicemail): unknown {
  return guard([message.id], () => callBackButton(message) ?? nothing);
}
