import { getRule, wholeProgramTester } from '../support/rule-tester.js';

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

wholeProgramTester.run('no-unguarded-insert', getRule('no-unguarded-insert'), {
  valid: [
    {
      name: 'the count is taken under the lock of the team',
      code:
        PREFIX +
        `export const join = (id: string, team: string) => db.transaction(async (tx) => {
        await tx.select().from(teams).where(eq(teams.id, team)).for('update');
        const [{ n } = { n: 0 }] = await tx.select({ n: count() }).from(seats).where(eq(seats.team, team));
        if (n >= 10) throw new Error('full');
        await tx.insert(seats).values({ id, team, number: 1 });
      });`,
    },
    {
      name: 'a unique key refuses the second one',
      code:
        PREFIX +
        `export async function slug(id: string, name: string) {
        const [known] = await db.select().from(slugs).where(eq(slugs.name, name));
        if (known) throw new Error('taken');
        await db.insert(slugs).values({ id, name });
      }`,
    },
    {
      name: 'the conflict is left out',
      code:
        PREFIX +
        `export async function tag(id: string, name: string) {
        const [known] = await db.select().from(tags).where(eq(tags.name, name));
        if (!known) await db.insert(tags).values({ id, name }).onConflictDoNothing();
      }`,
    },
    {
      name: 'another row was looked for: it lets somebody in',
      code:
        PREFIX +
        `export async function copy(id: string, from: string, name: string) {
        const [known] = await db.select().from(tags).where(eq(tags.name, from));
        if (!known) throw new Error('gone');
        await db.insert(tags).values({ id, name });
      }`,
    },
    {
      name: 'in a transaction that is serializable',
      code:
        PREFIX +
        `export const tag = (id: string, name: string) => db.transaction(async (tx) => {
        const [known] = await tx.select().from(tags).where(eq(tags.name, name));
        if (!known) await tx.insert(tags).values({ id, name });
      }, { isolationLevel: 'serializable' });`,
    },
  ],
  invalid: [
    {
      name: 'found none, inserted one',
      code:
        PREFIX +
        `export async function tag(id: string, name: string) {
        const [known] = await db.select().from(tags).where(eq(tags.name, name));
        if (!known) await db.insert(tags).values({ id, name });
      }`,
      errors: [{ messageId: 'absent' }],
    },
    {
      name: 'a transaction at READ COMMITTED is no lock',
      code:
        PREFIX +
        `export const tag = (id: string, name: string) => db.transaction(async (tx) => {
        const [known] = await tx.select().from(tags).where(eq(tags.name, name));
        if (known) return;
        await tx.insert(tags).values({ id, name });
      });`,
      errors: [{ messageId: 'absent' }],
    },
    {
      name: 'FOR UPDATE on a row that is not there locks nothing',
      code:
        PREFIX +
        `export const tag = (id: string, name: string) => db.transaction(async (tx) => {
        const [known] = await tx.select().from(tags).where(eq(tags.name, name)).for('update');
        if (!known) await tx.insert(tags).values({ id, name });
      });`,
      errors: [{ messageId: 'absent' }],
    },
    {
      name: 'counted, in a helper',
      code:
        PREFIX +
        `const countOf = async (team: string) => {
        const [row] = await db.select({ n: count() }).from(seats).where(eq(seats.team, team));
        return row?.n ?? 0;
      };
      export async function join(id: string, team: string) {
        if ((await countOf(team)) >= 10) throw new Error('full');
        await db.insert(seats).values({ id, team, number: 1 });
      }`,
      errors: [{ messageId: 'limited' }],
    },
    {
      name: 'the length of a list',
      code:
        PREFIX +
        `export async function join(id: string, team: string) {
        const taken = await db.select().from(seats).where(eq(seats.team, team));
        if (taken.length >= 10) throw new Error('full');
        await db.insert(seats).values({ id, team, number: 1 });
      }`,
      errors: [{ messageId: 'limited' }],
    },
    {
      name: 'the next number',
      code:
        PREFIX +
        `export async function join(id: string, team: string) {
        const taken = await db.select().from(seats).where(eq(seats.team, team));
        await db.insert(seats).values({ id, team, number: taken.length + 1 });
      }`,
      errors: [{ messageId: 'numbered' }],
    },
  ],
});
