import { findGenerated, type Dated, type Generated, type Undecidable } from './generated.js';
import { normalFormOf, type NormalForm } from './normal-form.js';
import { leavesOf, type Outcome } from './outcome.js';
import { isRefusal } from './refusal.js';

/** How an execution differs from what both serial orders give. */
export interface Difference {
  /** The parts that differ from the serial order that is nearest: `rows of account`, `result of a`. */
  readonly parts: readonly string[];
  /**
   * Those parts as the schedule leaves them, and as each order does. An id that was generated is `(id)`, with a name where it
   * matters which one it is; a time of a clock is `(time)`; rows that are the same in all three are left out.
   */
  readonly schedule: Readonly<Record<string, unknown>>;
  readonly aThenB: Readonly<Record<string, unknown>>;
  readonly bThenA: Readonly<Record<string, unknown>>;
  /** Whether the server ended a deadlock. */
  readonly deadlock: boolean;
}

/** The two executions of one order. */
export type Twice = readonly [Dated, Dated];

/** What the oracle compares with. */
export interface SerialRuns {
  readonly aThenB: Twice;
  readonly bThenA: Twice;
  /** What `setup` has left. */
  readonly before: Outcome;
  /** What is left where only one operation runs. */
  readonly alone: (name: 'a' | 'b') => Promise<Outcome>;
}

const NAMES = ['a', 'b'] as const;

/** Knows what serial execution gives. */
export class SerialOracle {
  readonly #runs: SerialRuns;
  readonly #generated: Generated;
  readonly #known: ReadonlySet<string>;
  readonly #orders: readonly [NormalForm, NormalForm];

  private constructor(runs: SerialRuns, generated: Generated) {
    this.#runs = runs;
    this.#generated = generated;
    this.#known = new Set([...leavesOf(runs.before).values()].flat().map(String));
    this.#orders = [this.#form(runs.aThenB[0].outcome), this.#form(runs.bThenA[0].outcome)];
  }

  /** The oracle, or where the executions of one order differ. */
  static from(runs: SerialRuns): SerialOracle | Undecidable {
    const generated = new Map<string, 'id' | 'clock'>();
    const orders = [runs.aThenB, runs.bThenA];
    for (const [first, second] of orders) {
      const found = findGenerated(first, second);
      if ('path' in found) return found;
      for (const [path, kind] of found) {
        if ((generated.get(path) ?? kind) !== kind) return { path };
        generated.set(path, kind);
      }
    }
    const oracle = new SerialOracle(runs, generated);
    for (const [first, second] of orders) {
      const [one, other] = [oracle.#form(first.outcome), oracle.#form(second.outcome)];
      const [path] = differing(one.parts, other.parts);
      if (path !== undefined) return { path };
    }
    return oracle;
  }

  /** How an outcome differs from both orders, or `undefined` where it is that of one. */
  async judge(outcome: Outcome): Promise<Difference | undefined> {
    const form = this.#form(outcome);
    if (this.#orders.some((order) => differing(form.parts, order.parts).length === 0))
      return undefined;
    if (await this.#isRefused(form)) return undefined;
    return this.#difference(form);
  }

  /** Whether each operation that failed has refused to go on, and left nothing. */
  async #isRefused({ parts }: NormalForm): Promise<boolean> {
    const failed = NAMES.filter((name) => isRefusal(parts.get(`result of ${name}`)));
    if (failed.length === 0) return false;
    const other = NAMES.find((name) => !failed.includes(name));
    const expected = other === undefined ? this.#runs.before : await this.#runs.alone(other);
    const names = failed.map((name) => `result of ${name}`);
    return differing(parts, this.#form(expected).parts).every((part) => names.includes(part));
  }

  #difference(form: NormalForm): Difference {
    const forms = [form, ...this.#orders];
    const nearest = (all: readonly Outcome[]): string[] => {
      const [one = new Map(), ...orders] = all;
      const [near = [], far = []] = orders.map((order) => differing(one, order));
      return near.length <= far.length ? near : far;
    };
    // Which id is which is said only where nothing else differs.
    const byShown = nearest(forms.map(({ shown }) => shown));
    const parts = byShown.length > 0 ? byShown : nearest(forms.map((one) => one.parts));
    const all = forms.map((one) => (byShown.length > 0 ? one.shown : one.parts));
    const [schedule = {}, aThenB = {}, bThenA = {}] = all.map((one) => pick(one, parts, all));
    const deadlock = NAMES.some(
      (name) => (form.parts.get(`result of ${name}`) as { failed?: unknown })?.failed === '40P01',
    );
    return { parts, schedule, aThenB, bThenA, deadlock };
  }

  #form(outcome: Outcome): NormalForm {
    return normalFormOf(outcome, this.#generated, this.#known);
  }
}

type Shown = Readonly<Record<string, unknown>>;

function differing(one: Outcome, other: Outcome): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (part) => JSON.stringify(one.get(part)) !== JSON.stringify(other.get(part)),
  );
}

/** Some parts of an outcome, without the rows that all outcomes have. */
function pick(outcome: Outcome, parts: readonly string[], all: readonly Outcome[]): Shown {
  return Object.fromEntries(
    parts.map((part) => {
      const value = outcome.get(part);
      if (!Array.isArray(value)) return [part, value];
      const texts = all.map((one) =>
        ((one.get(part) ?? []) as unknown[]).map((r) => JSON.stringify(r)),
      );
      const count = (list: readonly string[], text: string) =>
        list.filter((t) => t === text).length;
      return [
        part,
        value.filter((row) => {
          const text = JSON.stringify(row);
          return new Set(texts.map((list) => count(list, text))).size > 1;
        }),
      ];
    }),
  );
}
