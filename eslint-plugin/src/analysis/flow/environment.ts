import type ts from 'typescript';
import { joinValues, withChoices, type Read, type Value } from './value.js';

/** A variable, or the key of an object's property. */
export type Slot = ts.Symbol | string;

/** What variables hold here. Branches write to a layer of their own, so that a fork costs nothing. */
export class Environment {
  readonly #layers = [new Map<Slot, Value>()];

  get(slot: Slot): Value | undefined {
    for (let index = this.#layers.length - 1; index >= 0; index -= 1) {
      const value = this.#layers[index]?.get(slot);
      if (value) return value;
    }
    return undefined;
  }

  /** What was assigned to properties of what a key names. */
  propertiesOf(key: string): ReadonlyMap<string, Value> {
    const result = new Map<string, Value>();
    for (const layer of this.#layers) {
      for (const [slot, value] of layer) {
        if (typeof slot === 'string' && slot.startsWith(`${key}.`)) {
          result.set(slot.slice(key.length + 1), value);
        }
      }
    }
    return result;
  }

  /** What the variables that are known hold, each once. */
  values(): readonly Value[] {
    const slots = new Set(this.#layers.flatMap((layer) => [...layer.keys()]));
    return [...slots].flatMap((slot) => this.get(slot) ?? []);
  }

  set(slot: Slot, value: Value): void {
    this.#layers.at(-1)?.set(slot, value);
  }

  /** Begins a branch. */
  push(): void {
    this.#layers.push(new Map());
  }

  /** Ends a branch and returns what it assigned. */
  pop(): ReadonlyMap<Slot, Value> {
    return this.#layers.pop() ?? new Map();
  }

  /** Takes over what one branch assigned, as the other one never comes here. */
  adopt(assigned: ReadonlyMap<Slot, Value>): void {
    for (const [slot, value] of assigned) this.set(slot, value);
  }

  /** Either branch may have run: what differs depends on what the branch was decided on. */
  merge(
    a: ReadonlyMap<Slot, Value>,
    b: ReadonlyMap<Slot, Value>,
    decidedOn: readonly Read[],
  ): void {
    for (const [slot, value] of a) {
      const other = b.get(slot) ?? this.get(slot);
      this.set(slot, withChoices(other ? joinValues(value, other) : value, decidedOn));
    }
    for (const [slot, value] of b) {
      if (a.has(slot)) continue;
      const other = this.get(slot);
      this.set(slot, withChoices(other ? joinValues(other, value) : value, decidedOn));
    }
  }
}
