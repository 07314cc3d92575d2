import { eq } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { theOnly } from '../variant.js';

const account = pgTable('account', {
  id: text().primaryKey(),
  owner: text().notNull(),
  balance: integer().notNull(),
});

/** What Drizzle is asked to do, over either driver. */
export const asked =
  '`db.transaction(…)` with `select().from(…).for("update")` and `update(…).set(…)`';

/** A function that adds one to the account of an id. */
export function incrementWith(db: PgDatabase<PgQueryResultHKT>) {
  return (id: string): Promise<void> =>
    db.transaction(async (tx) => {
      const { balance } = theOnly(
        await tx.select().from(account).where(eq(account.id, id)).for('update'),
      );
      await tx
        .update(account)
        .set({ balance: balance + 1 })
        .where(eq(account.id, id));
    });
}
