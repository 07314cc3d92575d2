import { eq } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';

const account = pgTable('account', {
  id: text().primaryKey(),
  owner: text().notNull(),
  balance: integer().notNull(),
});

/** What Drizzle is asked to do, over either driver. */
export const asked =
  '`db.transaction(…)` with `select().from(…).for("update")` and `update(…).set(…)`';

/** @returns a function that adds one to the account of an id */
export function incrementWith(db) {
  return (id) =>
    db.transaction(async (tx) => {
      const [{ balance }] = await tx.select().from(account).where(eq(account.id, id)).for('update');
      await tx
        .update(account)
        .set({ balance: balance + 1 })
        .where(eq(account.id, id));
    });
}
