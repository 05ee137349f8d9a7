// What somebody writes into a form: what is wrong with it, whether it is saved, and what the server says of it.

import { Refusal, reasonFor } from "../api/client";
import { Cell } from "../core/cell";
import { faultOf, type Rule } from "./rules";

export interface Field extends Rule {
  label: string;
  /** What its pattern wants, as a sentence. */
  form?: string;
}

export type Values<K extends string> = Record<K, string>;

export class Form<K extends string> {
  /** Changes with everything below, to draw by. */
  readonly changes = new Cell(0);
  /** Why nothing was saved, where no field is to blame; or that it was. */
  message: string | null = null;
  isSaved = false;
  isSaving = false;
  #values: Values<K>;
  #saved: Values<K>;
  readonly #left = new Set<K>();
  readonly #told = new Map<string, string>();

  constructor(
    values: Values<K>,
    readonly fields: Record<K, Field>,
  ) {
    this.#values = { ...values };
    this.#saved = { ...values };
  }

  get(name: K): string {
    return this.#values[name];
  }

  set(name: K, value: string): void {
    this.#values[name] = value;
    this.#told.delete(name);
    this.message = null;
    this.isSaved = false;
    this.#draw();
  }

  /** From now on what is wrong with the field is told as one types: nobody is blamed for what is not yet written. */
  leave(name: K): void {
    this.#left.add(name);
    this.#draw();
  }

  /** What is wrong with a field; the server's word goes first, until the field is changed. */
  fault(name: K): string | null {
    const told = this.#told.get(name);
    if (told !== undefined || !this.#left.has(name)) return told ?? null;
    return this.#fault(name);
  }

  /** What is to be saved: fields that are not as they were. */
  get changed(): Partial<Values<K>> {
    const names = this.#names.filter((name) => this.#values[name].trim() !== this.#saved[name]);
    return Object.fromEntries(names.map((name) => [name, this.#values[name].trim()])) as Partial<Values<K>>;
  }

  get isDirty(): boolean {
    return Object.keys(this.changed).length > 0;
  }

  /** As the server has it now: what has been written is saved, or given up. */
  reset(values: Values<K>): void {
    this.#values = { ...values };
    this.#saved = { ...values };
    this.#left.clear();
    this.#told.clear();
    this.message = null;
    this.#draw();
  }

  /** Sends what is right. Returns the answer; null when something is wrong, which is then shown. */
  async submit<T>(send: (changed: Partial<Values<K>>) => Promise<T>): Promise<T | null> {
    if (this.isSaving) return null;
    for (const name of this.#names) this.#left.add(name);
    this.message = null;
    this.isSaved = false;
    if (this.#names.some((name) => this.fault(name) !== null)) {
      this.#draw();
      return null;
    }
    this.isSaving = true;
    this.#draw();
    try {
      return await send(this.changed);
    } catch (error) {
      this.#refused(error);
      return null;
    } finally {
      this.isSaving = false;
      this.#draw();
    }
  }

  get #names(): K[] {
    return Object.keys(this.fields) as K[];
  }

  #fault(name: K): string | null {
    const field = this.fields[name];
    return faultOf(this.#values[name], field, field.label, field.form);
  }

  #refused(error: unknown): void {
    const known = error instanceof Refusal ? [...error.fields].filter(([name]) => name in this.fields) : [];
    for (const [name, words] of known) this.#told.set(name, words);
    if (known.length === 0) this.message = reasonFor(error);
  }

  #draw(): void {
    this.changes.value += 1;
  }
}
