import { Condition, type Ordered } from '../model/condition.js';

export { Condition, type FieldTest, type Ordered } from '../model/condition.js';

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
