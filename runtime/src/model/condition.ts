/** What an order exists of: text, numbers and dates. */
export type Ordered = string | number | bigint | Date;

/** One comparison of a condition. */
export interface FieldTest {
  readonly is: 'eq' | 'not' | 'oneOf' | 'noneOf' | 'gt' | 'gte' | 'lt' | 'lte';
  readonly value: unknown;
}

/** What a field has to be, where `where` names it; made by {@link gt}, {@link oneOf} and the others. */
export class Condition<out V> {
  /** For the compiler alone: a condition on text is none on a number. */
  declare protected readonly compared: V;
  readonly #tests: readonly FieldTest[];

  /** @internal */
  constructor(tests: readonly FieldTest[]) {
    this.#tests = tests;
  }

  /** @internal */
  static testsOf(value: unknown): readonly FieldTest[] | undefined {
    return typeof value === 'object' && value !== null && #tests in value
      ? value.#tests
      : undefined;
  }
}
