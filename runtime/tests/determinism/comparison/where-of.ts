import { gt, gte, lt, lte, not, oneOf, type Where } from '@justscale/runtime';
import type { Comparison } from './operation.js';
import type { Item } from './schema.js';

type Operator = (value: string | number) => unknown;

const OPERATORS: Readonly<Record<Exclude<Comparison['is'], 'oneOf'>, Operator>> = {
  gt,
  gte,
  lt,
  lte,
  not,
};

/** The condition on the rows of one program. */
export function whereOf(program: string, { field, is, values }: Comparison): Where<Item> {
  const ids = ['a', 'b', 'x', 'y'];
  const given = values.map((value) => {
    if (field === 'amount') return value;
    return field === 'note' ? `by ${value}` : `${program}-${ids[value % ids.length] ?? ''}`;
  });
  const condition = is === 'oneOf' ? oneOf(given) : OPERATORS[is](given[0] ?? 0);
  return { program, [field]: condition };
}
