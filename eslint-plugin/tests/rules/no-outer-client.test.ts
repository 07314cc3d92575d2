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

typedTester.run('no-outer-client', getRule('no-outer-client'), {
  valid: [
    {
      name: 'all of it on the transaction',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await tx.update(teams).set({ seats: 1 }).where(eq(teams.id, id));
      });`,
    },
    {
      name: 'the outer client before and after',
      code:
        PREFIX +
        `export const f = async (id: string) => {
        await db.delete(tags).where(eq(tags.id, id));
        await db.transaction(async (tx) => { await tx.delete(seats).where(eq(seats.id, id)); });
        await db.delete(slugs).where(eq(slugs.id, id));
      };`,
    },
    {
      name: 'a nested transaction on the inner client',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await tx.transaction(async (inner) => { await inner.delete(tags).where(eq(tags.id, id)); });
      });`,
    },
  ],
  invalid: [
    {
      name: 'a write that is not undone',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await tx.delete(tags).where(eq(tags.id, id));
        await db.update(teams).set({ seats: 1 }).where(eq(teams.id, id));
      });`,
      errors: [{ messageId: 'outerClient' }],
    },
    {
      name: 'a read that does not see what was written',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await tx.insert(tags).values({ id, name: '' });
        return await db.select().from(tags).where(eq(tags.id, id));
      });`,
      errors: [{ messageId: 'outerClient' }],
    },
    {
      name: 'in a callback inside it',
      code:
        PREFIX +
        `export const f = (id: string) => db.transaction(async (tx) => {
        await Promise.all([1].map(async () => { await db.delete(tags).where(eq(tags.id, id)); }));
        await tx.delete(seats);
      });`,
      errors: [{ messageId: 'outerClient' }],
    },
  ],
});
