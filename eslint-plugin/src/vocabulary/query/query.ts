import type ts from 'typescript';
import type { TableSchema } from '../../schema/table-schema.js';
import {
  openEffect,
  type Effect,
  type InsertEffect,
  type Outcome,
  type Patch,
  type ReadEffect,
  type Rows,
} from '../effect.js';
import { whereOf, type Conditions } from './conditions.js';

/** A table as a library names it. */
export interface Table {
  /** As the flow analysis knows it, such as `drizzle:users`. */
  readonly model: string;
  /** `null` when nothing says what is in it. */
  readonly schema: TableSchema | null;
}

/** What names a table, where that is handed to the code around a query. */
export interface TableSlot {
  readonly slot: ts.Expression;
}

/** What a call asks of the database, however the library spells it. */
export type Query =
  | {
      readonly operation: 'read';
      readonly table: Table;
      readonly rows: Conditions;
      readonly result: ReadEffect['result'];
      readonly order?: readonly string[];
      /** How rows that somebody else has locked are met; `null` for a read without a lock. */
      readonly lock?: 'waits' | 'skips' | null;
    }
  | {
      readonly operation: 'update' | 'delete';
      readonly table: Table;
      /** The conditions, or what names the row. */
      readonly rows: Conditions | ts.Expression;
      readonly patch: Patch | null;
      readonly outcome: Outcome;
    }
  | {
      readonly operation: 'insert';
      readonly table: Table;
      readonly data: ts.Expression | null;
      readonly conflict?: InsertEffect['conflict'];
    };

/** What a query does to a table that is known, or to the one that is handed in. */
export function toTableEffect(
  library: string,
  table: Table | TableSlot,
  queryOf: (table: Table) => Query,
): Effect {
  if ('model' in table) return toEffect(queryOf(table));
  return openEffect(library, table.slot, toEffect(queryOf({ model: '', schema: null })));
}

/** What a query does, and the parts of its call that run beside it. */
export function toEffect(query: Query, others: readonly ts.Expression[] = []): Effect {
  const { model, schema } = query.table;
  switch (query.operation) {
    case 'insert':
      return {
        kind: 'insert',
        model,
        data: query.data,
        conflict: query.conflict ?? 'throws',
        keys: knownKeys(schema),
        others,
      };
    case 'update':
    case 'delete': {
      const { operation, patch, outcome } = query;
      const rows = rowsOf(schema, query.rows);
      const keys = knownKeys(schema);
      return { kind: 'write', operation, model, rows, patch, outcome, keys, others };
    }
    case 'read': {
      const { result, order = [], lock = null } = query;
      const rows = rowsOf(schema, query.rows);
      if (lock === null || result === 'count' || result === 'aggregate') {
        return { kind: 'read', result, model, rows, order, others };
      }
      return { kind: 'lock', result, model, rows, order, isBlocking: lock === 'waits', others };
    }
  }
}

function knownKeys(schema: TableSchema | null): TableSchema['keys'] | null {
  return schema && schema.keys.length > 0 ? schema.keys : null;
}

function rowsOf(schema: TableSchema | null, rows: Conditions | ts.Expression): Rows {
  return 'conditions' in rows
    ? { kind: 'where', where: whereOf(schema, rows) }
    : { kind: 'named', node: rows };
}
