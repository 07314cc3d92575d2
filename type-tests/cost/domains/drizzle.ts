import { callSitesOf, indexes, type DomainWriter } from '../domain-size.js';

export const writeDrizzle: DomainWriter = (size) => {
  const files = new Map<string, string>();
  for (const model of indexes(size.models)) {
    files.set(
      `model-${model}.ts`,
      `
import { boolean, doublePrecision, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const model${model} = pgTable('model_${model}', {
  id: text('id').primaryKey(),
  owner: text('owner').notNull(),
  amount: doublePrecision('amount').notNull(),
  active: boolean('active').notNull(),
  openedAt: timestamp('opened_at').notNull(),
  note: text('note'),
  state: text('state', { enum: ['open', 'closed', 'state${model}'] }).notNull(),
  tags: jsonb('tags').$type<string[]>().notNull(),
  parent${model}: text('parent_${model}').notNull(),
});
`,
    );
    const functions = callSitesOf(model, size).map(
      (site) => `
export async function change${site}(db: PostgresJsDatabase, id: string) {
  const changed = await db.transaction(async (tx) => {
    const [found] = await tx.select().from(model${model}).where(eq(model${model}.id, id)).for('update');
    if (found === undefined) return null;
    if (found.amount > ${model}) {
      await tx.update(model${model}).set({ active: false, tags: [...found.tags, 'large'] }).where(eq(model${model}.id, id));
    }
    const [row] = await tx.update(model${model}).set({ amount: found.amount - ${site} }).where(eq(model${model}.id, id)).returning();
    return row;
  });
  return { amount: changed?.amount, parent: changed?.parent${model}, at: changed?.openedAt };
}`,
    );
    files.set(
      `service-${model}.ts`,
      `
import { eq } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { model${model} } from './model-${model}.js';
${functions.join('\n')}
`,
    );
  }
  return files;
};
