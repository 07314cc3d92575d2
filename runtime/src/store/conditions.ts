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

/** Greater than a value. Never true of a field that is absent or null, as with `gte`, `lt` and `lte`. */
export function gt<const V extends Ordered>(value: V): Condition<V> {
  return new Condition([{ is: 'gt', value }]);
}

/** Greater than a value, or equal to it. */
export function gte<const V extends Ordered>(value: V): Condition<V> {
  return new Condition([{ is: 'gte', value }]);
}

/** Less than a value. */
export function lt<const V extends Ordered>(value: V): Condition<V> {
  return new Condition([{ is: 'lt', value }]);
}

/** Less than a value, or equal to it. */
export function lte<const V extends Ordered>(value: V): Condition<V> {
  return new Condition([{ is: 'lte', value }]);
}

/** One of some values, of which `null` or `undefined` stands for a field that is absent or null; of an empty list none. */
export function oneOf<const V>(values: readonly V[]): Condition<V> {
  return new Condition([{ is: 'oneOf', value: values }]);
}

/** Anything but a value. Other than in SQL, a field that is absent or null is not the value either: `not(null)` excludes it. */
export function not<const V>(value: V): Condition<V> {
  return new Condition([{ is: 'not', value }]);
}

/** None of some values: true wherever `oneOf` is not. */
export function noneOf<const V>(values: readonly V[]): Condition<V> {
  return new Condition([{ is: 'noneOf', value: values }]);
}

/** All of some conditions, such as `allOf(gte(from), lt(to))`. */
export function allOf<V>(...conditions: readonly Condition<V>[]): Condition<V> {
  return new Condition(conditions.flatMap((condition) => Condition.testsOf(condition) ?? []));
}
