/** Which rows to read, and in which order: what a caller asked for, in its normal form. */
export interface Query {
  /** What must hold, all of it; a field may occur more than once. */
  readonly where: readonly FieldCondition[];
  /**
   * The order, which is total: its last term, and only its last, is `id`. Text has the order of its column, which is that
   * of code points where the adapter has no other; absent values are last in both directions.
   */
  readonly orderBy: readonly OrderTerm[];
  /** The most rows to return. */
  readonly limit: number | undefined;
  /** Only rows that come after these values in the order: one for each of its terms. */
  readonly after: readonly unknown[] | undefined;
}

/** What a field, or `id`, must be. `null` and `undefined` are one value: the absent one. */
export interface FieldCondition {
  readonly field: string;
  readonly is: Operator;
  /** What it is compared with; for `oneOf` and `noneOf` a list of values. */
  readonly value: unknown;
}

/**
 * How a field is compared. `not` and `noneOf` are true wherever `eq` and `oneOf` are not, for absent values too; `gt`, `gte`,
 * `lt` and `lte` compare with a value that is not absent, and are not true of an absent one.
 */
export type Operator = 'eq' | 'not' | 'oneOf' | 'noneOf' | 'gt' | 'gte' | 'lt' | 'lte';

export interface OrderTerm {
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}
