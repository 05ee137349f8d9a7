// The fields of a user, by the rules of the API.

import { NewUserIn, PhoneIn, UserChanges } from "../api/limits.gen";
import type { Field } from "../forms/form";

const DIGITS = "Use 1 to 16 digits, for example 1001.";
const EXTENSION = "Use 2 to 10 digits, for example 1001.";
const NAME = { label: "Name", required: true };

export const NEW_USER = {
  name: { ...NewUserIn.name, ...NAME },
  role: { ...NewUserIn.role, label: "Role" },
  kind: { ...NewUserIn.kind, label: "Phone" },
  extension: { ...NewUserIn.extension, label: "Extension", form: EXTENSION },
  agent_id: { ...NewUserIn.agent_id, label: "Agent id", form: DIGITS },
} satisfies Record<string, Field>;

export const USER = {
  name: { ...UserChanges.name, ...NAME },
  agent_id: { ...UserChanges.agent_id, label: "Agent id", form: DIGITS, required: true },
  role: { ...UserChanges.role, label: "Role" },
  shown_number: { ...UserChanges.shown_number, label: "Number shown on calls out" },
} satisfies Record<string, Field>;

export const PHONE = {
  kind: { ...PhoneIn.kind, label: "Kind of phone" },
  // The API calls it number where it is asked for, and extension where it is refused.
  extension: { ...PhoneIn.number, label: "Extension", form: EXTENSION, required: true },
} satisfies Record<string, Field>;

export const HINTS = {
  agent_id: "To log in with, beside the name.",
  newAgentId: "To log in with, beside the name. Left empty, it is the extension.",
  newExtension: "The number of the phone. Left empty, it is the next free one.",
  shown_number: "One of our numbers. Left empty, it is that of the queue or of the trunk.",
};
