import type { Model } from './effect.js';

/** What mends a race, in the words of a library. */
export interface Repair {
  /** A value was computed from a copy of the row. */
  readonly patch: string;
  /** A check of a row decided the write. */
  readonly decision: string;
  /** Rows that were looked for decided an insert. */
  readonly insert: string;
  /** How many rows there were decided an insert, or what number it has. */
  readonly limit: string;
}

const REPAIRS: Readonly<Record<string, Repair>> = {
  prisma: {
    patch:
      'Let the database compute it (`{ increment: n }`), or read the row in the same `$transaction` by `$queryRaw` with `FOR UPDATE`.',
    decision:
      'Write with `updateMany`, repeat the check in its `where`, and look at the `count`; or lock the row by `$queryRaw` with `FOR UPDATE` before it is read.',
    insert:
      'Give it a `@@unique` key and handle `P2002` (or `upsert`), or lock the row that they belong to by `$queryRaw` with `FOR UPDATE` before you look.',
    limit:
      'Lock the row that they belong to by `$queryRaw` with `FOR UPDATE`, in the same `$transaction`, before you count.',
  },
  drizzle: {
    patch:
      "Let the database compute it (`sql`${column} + n``), or read the row in the same transaction with `.for('update')`.",
    decision:
      "Repeat the check in the `.where(…)` of the write and look at what `.returning()` gives, or read the row in the same transaction with `.for('update')`.",
    insert:
      "Give it a `unique()` key and use `.onConflictDoNothing()`, or lock the row that they belong to with `.for('update')` before you look.",
    limit:
      "Lock the row that they belong to with `.for('update')`, in the same transaction, before you count.",
  },
  typeorm: {
    patch:
      "Use `increment()` or a query builder's `set({ field: () => … })`, or read the row in the same transaction with `lock: { mode: 'pessimistic_write' }`.",
    decision:
      "Write with `update()`, repeat the check in its conditions and look at `affected`; or read the row in the same transaction with `lock: { mode: 'pessimistic_write' }`.",
    insert:
      "Give it a `@Unique` key and handle its error, or read the row that they belong to with `lock: { mode: 'pessimistic_write' }` before you look.",
    limit:
      "Read the row that they belong to with `lock: { mode: 'pessimistic_write' }`, in the same transaction, before you count.",
  },
  sequelize: {
    patch:
      'Use `increment()`, or read the row in the same transaction with `lock: transaction.LOCK.UPDATE`.',
    decision:
      'Repeat the check in the `where` of `Model.update()` and look at the count, or read the row in the same transaction with `lock: transaction.LOCK.UPDATE`.',
    insert:
      'Give it a unique index and handle `UniqueConstraintError`, or read the row that they belong to with `lock: transaction.LOCK.UPDATE` before you look.',
    limit:
      'Read the row that they belong to with `lock: transaction.LOCK.UPDATE`, in the same transaction, before you count.',
  },
  knex: {
    patch:
      'Use `.increment()` or `knex.raw(…)`, or read the row in the same transaction with `.forUpdate()`.',
    decision:
      'Repeat the check in the `.where(…)` of the write and look at the count, or read the row in the same transaction with `.forUpdate()`.',
    insert:
      'Give it a unique key and use `.onConflict().ignore()`, or lock the row that they belong to with `.forUpdate()` before you look.',
    limit:
      'Lock the row that they belong to with `.forUpdate()`, in the same transaction, before you count.',
  },
  kysely: {
    patch:
      "Let the database compute it (`set((eb) => ({ n: eb('n', '+', 1) }))`), or read the row in the same transaction with `.forUpdate()`.",
    decision:
      'Repeat the check in the `.where(…)` of the write and look at `numUpdatedRows`, or read the row in the same transaction with `.forUpdate()`.',
    insert:
      'Give it a unique key and use `.onConflict((oc) => oc.doNothing())`, or lock the row that they belong to with `.forUpdate()` before you look.',
    limit:
      'Lock the row that they belong to with `.forUpdate()`, in the same transaction, before you count.',
  },
  'mikro-orm': {
    patch:
      'Read the row in the same transaction with `lockMode: LockMode.PESSIMISTIC_WRITE`, or write it with `nativeUpdate()` and `raw()`.',
    decision:
      'Read the row in the same transaction with `lockMode: LockMode.PESSIMISTIC_WRITE`, or give the entity a `@Property({ version: true })`.',
    insert:
      'Give it a `@Unique` key and handle `UniqueConstraintViolationException`, or lock the row that they belong to before you look.',
    limit:
      'Read the row that they belong to with `lockMode: LockMode.PESSIMISTIC_WRITE`, in the same transaction, before you count.',
  },
  mongoose: {
    patch:
      'Let the database compute it (`$inc`, `$push`), or use `optimisticConcurrency` and try again.',
    decision:
      'Write with `findOneAndUpdate`, repeat the check in its filter, and look at what it returns.',
    insert: 'Give it a unique index and handle `E11000`, or use `updateOne` with `upsert`.',
    limit:
      'Keep the number in the document that they belong to, and write with `findOneAndUpdate`, the limit in its filter.',
  },
  sql: {
    patch:
      'Compute it in the statement (`set n = n + $1`), or read the row in the same transaction with `FOR UPDATE`.',
    decision:
      'Repeat the check in the `where` of the write and look at the number of rows, or read the row in the same transaction with `FOR UPDATE`.',
    insert:
      'Give it a unique key and write `ON CONFLICT`, or lock the row that they belong to with `FOR UPDATE` before you look.',
    limit:
      'Lock the row that they belong to with `FOR UPDATE`, in the same transaction, before you count.',
  },
};

/** How a race on a model is mended; `null` for the runtime's own models, whose rules say it themselves. */
export function getRepair(model: Model): Repair | null {
  const library = model?.slice(0, model.indexOf(':')) ?? '';
  return REPAIRS[library] ?? null;
}
