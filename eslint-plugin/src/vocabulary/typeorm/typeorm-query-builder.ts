import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getOption, getOptions } from '../object-options.js';
import { getConstantText } from '../query/constant-text.js';
import { linkOf, type Chain } from '../query/chain.js';
import { noConditions, type Conditions } from '../query/conditions.js';
import { getObjectConditions } from '../query/object-conditions.js';
import type { Query, Table } from '../query/query.js';
import { toPatch } from '../query/written-data.js';
import { getConditionsOfText } from '../sql/sql-where.js';

/** Calls that end a query. */
export const BUILDER_ENDS: readonly string[] = [
  'getOne',
  'getOneOrFail',
  'getMany',
  'getCount',
  'getExists',
  'getManyAndCount',
  'getRawOne',
  'getRawMany',
  'execute',
];

/** `repository.createQueryBuilder('user').where('user.id = :id', { id }).getOne()` */
export function getBuilderQuery(context: ProgramContext, chain: Chain, table: Table): Query | null {
  const rows = getConditions(context, table, chain);
  const outcome = linkOf(chain, 'returning') ? 'row' : 'count';
  const end = chain.links.at(-1)?.name;
  if (end === 'execute') {
    const update = linkOf(chain, 'update');
    const [data = null] = linkOf(chain, 'set')?.args ?? [];
    const conflict = linkOf(chain, 'orIgnore')
      ? 'ignores'
      : linkOf(chain, 'orUpdate')
        ? 'updates'
        : 'throws';
    if (update) {
      return { operation: 'update', table, rows, patch: toPatch(context, data), outcome };
    }
    if (linkOf(chain, 'delete', 'softDelete')) {
      return { operation: 'delete', table, rows, patch: null, outcome };
    }
    const [values = null] = linkOf(chain, 'values')?.args ?? [];
    return linkOf(chain, 'insert') ? { operation: 'insert', table, data: values, conflict } : null;
  }
  const lock = linkOf(chain, 'setLock')?.args[0]?.getText() ?? '';
  const isAggregate = end === 'getRawOne';
  return {
    operation: 'read',
    table,
    rows,
    result: isAggregate
      ? 'aggregate'
      : end === 'getCount'
        ? 'count'
        : end?.startsWith('getOne')
          ? 'one'
          : 'many',
    lock: lock.includes('pessimistic') ? (linkOf(chain, 'setOnLocked') ? 'skips' : 'waits') : null,
  };
}

function getConditions(context: ProgramContext, { schema }: Table, { links }: Chain): Conditions {
  const found = noConditions();
  const alias = aliasOf(context, links);
  for (const { name, args } of links) {
    if (name === 'setFindOptions') {
      const where = getOption(context, getOptions(context, args[0]), 'where');
      found.conditions.push(...getObjectConditions(context, schema, where).conditions);
    }
    if (name !== 'where' && name !== 'andWhere' && name !== 'whereInIds') continue;
    const [condition, parameters] = args;
    if (!condition) continue;
    const { ts } = context;
    const text = unwrapExpression(context, condition);
    if (!ts.isStringLiteralLike(text)) {
      const given = getObjectConditions(context, schema, text);
      found.conditions.push(...given.conditions);
      continue;
    }
    const options = getOptions(context, parameters);
    const valueOf = (parameter: string) => getOption(context, options, parameter);
    found.conditions.push(...getConditionsOfText(text.text, schema, valueOf, alias));
  }
  return found;
}

/** `user` of `createQueryBuilder('user')` and of `createQueryBuilder(User, 'user')`. */
function aliasOf(context: ProgramContext, links: Chain['links']): string | undefined {
  const made = links.find(({ name }) => name === 'createQueryBuilder');
  return getConstantText(context, made?.args.at(-1)) ?? undefined;
}
