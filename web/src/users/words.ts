// What roles and phones are called, and what each of them means.

import type { Colleague, ExtensionKind, Role } from "../api/contract";
import { NOT_OFFERED, pauseWords, STATE_WORDS } from "../core/words";

export const ROLES: readonly (readonly [Role, string, string])[] = [
  ["agent", "Agent", "Takes calls and calls out."],
  ["supervisor", "Supervisor", "Takes calls as well, and sees all agents, queues, calls and voicemails."],
  ["administrator", "Administrator", "May do all that a supervisor may, and changes users and settings."],
];

export const PHONES: readonly (readonly [ExtensionKind, string, string])[] = [
  ["web", "Browser", "Calls come into this portal. A headset is all it needs."],
  ["sip", "Desk or soft phone", "A SIP phone that registers with a secret."],
];

export function roleWord(role: Role): string {
  return ROLES.find(([value]) => value === role)?.[1] ?? role;
}

export function phoneWord(kind: ExtensionKind | null): string {
  return PHONES.find(([value]) => value === kind)?.[1] ?? "No phone";
}

/** What a user is doing now, as the floor shows it. */
export function doingWords(agent: Colleague): { word: string; why: string; icon: string; value: string } {
  const word = STATE_WORDS[agent.state];
  const isUnreachable = agent.state === "idle" && agent.not_offered !== null;
  return {
    word: word.word,
    why: isUnreachable && agent.not_offered ? NOT_OFFERED[agent.not_offered].short : pauseWords(agent),
    icon: isUnreachable ? "alert" : word.icon,
    value: isUnreachable ? "unreachable" : agent.state,
  };
}
