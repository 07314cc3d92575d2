import { getRule, typedTester } from '../support/rule-tester.js';

const PREFIX = `import { and, count, eq, lt, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text, unique } from 'drizzle-orm/pg-core';
const teams = pgTable('teams', { id: text('id').primaryKey(), seats: integer('seats').notNull(), status: text('status').notNull() });
const seats = pgTable('seats', { id: text('id').primaryKey(), team: text('team').notNull(), number: integer('number').notNull() }, (t) => [unique().on(t.team, t.id)]);
const tags = pgTable('tags', { id: text('id').primaryKey(), name: text('name').notNull() });
const slugs = pgTable('slugs', { id: text('id').primaryKey(), name: text('name').notNull().unique() });
export { and, count, eq, lt, sql, teams, seats, tags, slugs };
declare const db: NodePgDatabase;
`;

typedTester.run('no-parallel-transaction-queries', getRule('no-parallel-transaction-queries'), {
  valid: [
    {
      name: 'one after the other',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await tx.delete(tags).where(eq(tags.id, id));
        await tx.delete(slugs).where(eq(slugs.id, id));
      });`,
    },
    {
      name: 'one query beside other work',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await Promise.all([tx.delete(tags).where(eq(tags.id, id)), fetch('https://example.com')]);
      });`,
    },
    {
      name: 'at once on the pool',
      code:
        PREFIX +
        `export const f = (id: string) => Promise.all([db.delete(tags).where(eq(tags.id, id)), db.delete(slugs).where(eq(slugs.id, id))]);`,
    },
  ],
  invalid: [
    {
      name: 'two at once',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await Promise.all([tx.delete(tags).where(eq(tags.id, id)), tx.delete(slugs).where(eq(slugs.id, id))]);
      });`,
      errors: [{ messageId: 'parallel' }],
    },
    {
      name: 'one for each element',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await Promise.all([1, 2].map((n) => tx.update(teams).set({ seats: n }).where(eq(teams.id, id))));
      });`,
      errors: [{ messageId: 'parallel' }],
    },
    {
      name: 'settled instead of awaited',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await Promise.allSettled([tx.delete(tags).where(eq(tags.id, id)), tx.delete(slugs)]);
      });`,
      errors: [{ messageId: 'parallel' }],
    },
  ],
});
