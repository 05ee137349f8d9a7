// What a field takes, and what to say of a value that it does not take. The rules are the API's own (api/limits.gen.ts).

export interface Rule {
  required?: boolean;
  minLength?: number;
  maxLength?: number;
  /** A regular expression. */
  pattern?: string;
}

/** What is wrong with a value, as a sentence; null when it can be sent. `form` says what the pattern wants. */
export function faultOf(value: string, rule: Rule, label: string, form?: string): string | null {
  const text = value.trim();
  if (text === "") return rule.required ? `${label} is needed.` : null;
  if (rule.pattern && !new RegExp(rule.pattern, "u").test(text)) return form ?? `${label} cannot be written so.`;
  if (rule.minLength && text.length < rule.minLength) return `${label} needs at least ${rule.minLength} characters.`;
  if (rule.maxLength && text.length > rule.maxLength) return `${label} has at most ${rule.maxLength} characters.`;
  return null;
}
