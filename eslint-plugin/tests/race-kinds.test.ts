import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const SCHEMA = `
model Team {
  id        Int    @id
  slug      String @unique
  name      String
  billingId String?
}
model Member {
  id     Int    @id
  teamId Int
  role   String
}
model Code {
  id         Int    @id
  identifier String
  value      String
  openedAt   DateTime?
  updatedAt  DateTime?
}`;

const PRISMA = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
`;

const ENTITIES = `import { Entity, PrimaryGeneratedColumn, ManyToMany } from 'typeorm';
@Entity() export class Country { @PrimaryGeneratedColumn() id!: number; }
@Entity() export class Zone {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToMany(() => Country) countries!: Country[];
}
`;

/** Queries of a table that is handed in: to a factory, to a class, to a function that makes a function. */
const QUERIES = {
  'queries/rows-of.ts': `import { Knex } from 'knex';
export const rowsOf = (db: Knex, tableName: string) => ({
  findById: async (id: string, tx?: Knex): Promise<any> => (tx || db)(tableName).where({ id }).first(),
  updateById: async (id: string, data: object, tx?: Knex) => (tx || db)(tableName).where({ id }).update(data),
});`,
  'queries/repository.ts': `import { Kysely } from 'kysely';
export abstract class Repository {
  protected abstract readonly table: string;
  constructor(protected readonly db: Kysely<any>) {}
  async find(id: string): Promise<any> {
    return this.db.selectFrom(this.table).selectAll().where('id', '=', id).executeTakeFirst();
  }
  async update(id: string, patch: object) {
    return this.db.updateTable(this.table).set(patch).where('id', '=', id).execute();
  }
}
export class SeatRepository extends Repository {
  protected readonly table = 'seats';
}
export class RowRepository extends Repository {
  protected readonly table = 'rows';
}`,
  'queries/users.ts': `import type { CommonQueryMethods } from '@acme/slonik';
import { sql } from '@acme/slonik';
import { Users } from '@acme/generated';
const identifiersOf = ({ table, fields }: any) => ({ table: sql.identifier([table]), fields });
const equations = (data: object) => Object.entries(data).map(([key, value]) => sql\`\${key}=\${value}\`);
const updateWith = (pool: CommonQueryMethods) => (schema: object) => {
  const { table } = identifiersOf(schema);
  return async ({ set, where }: { set: object; where: object }) =>
    pool.query(sql\`update \${table} set \${sql.join(equations(set), sql\`, \`)} where \${sql.join(equations(where), sql\` and \`)}\`);
};
const { table, fields } = identifiersOf(Users);
export const createUserQueries = (pool: CommonQueryMethods) => {
  const update = updateWith(pool)(Users);
  return {
    findById: async (id: string): Promise<any> =>
      pool.one(sql\`select * from \${table} where \${fields.id} = \${id}\`),
    findOpenCode: async (code: string): Promise<any> =>
      pool.maybeOne(sql\`select * from codes where code = \${code} and used = false\`),
    updateById: async (id: string, set: object) => update({ set, where: { id } }),
    use: async (id: string) => pool.query(sql\`update codes set used = true where id = \${id}\`),
    useOnce: async (id: string) =>
      pool.maybeOne(sql\`update codes set used = true where id = \${id} and used = false returning *\`),
    forget: async (id: string, key: string) =>
      pool.one(sql\`update \${table} set \${fields.identities} = \${fields.identities}::jsonb - \${key} where \${fields.id} = \${id} returning *\`),
  };
};`,
};

/** Files in which one thing is done wrong, each with the rule that says so. */
const RACES: Readonly<Record<string, readonly [rule: string, code: string]>> = {
  'where-of-a-helper.ts': [
    'no-stale-decision',
    `${PRISMA}declare function bill(id: number): Promise<string>;
const within = (id: number, slug: string) => ({ id, slug });
export async function subscribe(id: number, slug: string) {
  const team = await prisma.team.findFirst({ where: within(id, slug) });
  if (!team || team.billingId) throw new Error('no such team, or it has a subscription');
  await prisma.team.update({ where: { id }, data: { billingId: await bill(id) } });
}`,
  ],
  'last-owner-of-a-tenant.ts': [
    'no-stale-decision',
    `${PRISMA}export async function leave(id: number, teamId: number) {
  const owners = await prisma.member.count({ where: { teamId, role: 'owner' } });
  if (owners <= 1) throw new Error('the last owner');
  await prisma.member.delete({ where: { id, teamId } });
}`,
  ],
  'rows-of-a-factory.ts': [
    'no-stale-patch',
    `import type { rowsOf } from './queries/rows-of';
type Users = ReturnType<typeof rowsOf>;
export const createService = ({ users }: { users: Pick<Users, 'findById' | 'updateById'> }) => ({
  async addSeat(id: string) {
    const user = await users.findById(id);
    await users.updateById(id, { seats: user.seats + 1 });
  },
});`,
  ],
  'base-repository.ts': [
    'no-stale-patch',
    `import type { SeatRepository } from './queries/repository';
export class Seats {
  constructor(private readonly seats: SeatRepository) {}
  async take(id: string) {
    const row = await this.seats.find(id);
    await this.seats.update(id, { left: row.left - 1 });
  }
}`,
  ],
  'function-that-a-function-made.ts': [
    'no-stale-patch',
    `import type { createUserQueries } from './queries/users';
export const createLibrary = (users: ReturnType<typeof createUserQueries>) => {
  const { findById, updateById: write } = users;
  return async (id: string, factor: string) => {
    const { factors } = await findById(id);
    await write(id, { factors: [...factors, factor] });
  };
};`,
  ],
  'constant-in-the-text.ts': [
    'no-stale-decision',
    `import type { createUserQueries } from './queries/users';
export async function redeem(users: ReturnType<typeof createUserQueries>, text: string) {
  const code = await users.findOpenCode(text);
  if (!code) throw new Error('no such code');
  await users.use(code.id);
}`,
  ],
  'name-that-another-has.ts': [
    'no-stale-decision',
    `${PRISMA}export async function rename(id: number, name: string) {
  const other = await prisma.team.findFirst({ where: { name, id: { not: id } } });
  if (other) throw new Error('taken');
  await prisma.team.update({ where: { id }, data: { name } });
}`,
  ],
  'name-that-is-taken.ts': [
    'no-stale-decision',
    `${PRISMA}export async function rename(id: number, name: string) {
  const other = await prisma.team.findFirst({ where: { name } });
  if (other) throw new Error('taken');
  await prisma.team.update({ where: { id }, data: { name } });
}`,
  ],
  'error-that-is-only-told.ts': [
    'no-unguarded-insert',
    `${PRISMA}declare function log(error: unknown): void;
export async function store(id: number, slug: string) {
  try {
    const found = await prisma.team.findUnique({ where: { slug } });
    if (!found) await prisma.team.create({ data: { id, slug, name: slug } });
    return { stored: true };
  } catch (error) {
    log(error);
    throw error;
  }
}`,
  ],
  'list-that-is-pushed-to.ts': [
    'no-stale-patch',
    `import { DataSource } from 'typeorm';
import { Country, Zone } from './entities.js';
export async function add(source: DataSource, id: number, country: Country) {
  const zone = await source.getRepository(Zone).findOneOrFail({ where: { id }, relations: ['countries'] });
  zone.countries.push(country);
  await source.getRepository(Zone).save(zone);
}`,
  ],
  'store-behind-an-interface.ts': [
    'no-stale-patch',
    `import knex from 'knex';
const db = knex({});
interface Store<T> { get(name: string): Promise<T> }
interface Fields extends Store<{ name: string; values: string[] }> {
  set(name: string, values: string[]): Promise<void>;
}
export class DbFields implements Fields {
  get(name: string) { return db('fields').where({ name }).first(); }
  async set(name: string, values: string[]) { await db('fields').where({ name }).update({ values }); }
}
export class Jobs implements Store<{ job: string }> {
  get(name: string) { return db('jobs').where({ name }).first(); }
}
export class Service {
  constructor(private readonly fields: Fields) {}
  async add(name: string, value: string) {
    const field = await this.fields.get(name);
    await this.fields.set(name, [...field.values, value]);
  }
}`,
  ],
};

/** Files in which the same is done right. */
const REPAIRED: Readonly<Record<string, string>> = {
  'name-with-a-key.ts': `${PRISMA}export async function move(id: number, slug: string) {
  const other = await prisma.team.findUnique({ where: { slug } });
  if (other) throw new Error('taken');
  await prisma.team.update({ where: { id }, data: { slug } });
}`,
  'old-value-in-the-where.ts': `${PRISMA}const next = (value: string) => \`\${value}!\`;
export async function fail(identifier: string) {
  const code = await prisma.code.findFirst({ where: { identifier } });
  if (!code) return;
  const { value } = code;
  const { count } = await prisma.code.updateMany({ where: { identifier, value }, data: { value: next(value) } });
  if (count === 0) throw new Error('again');
}`,
  'flag-that-is-only-set.ts': `${PRISMA}export async function reopen(id: number) {
  const code = await prisma.code.findUniqueOrThrow({ where: { id } });
  if (!code.openedAt) throw new Error('not opened');
  await prisma.code.update({ where: { id }, data: { openedAt: null } });
}`,
  'flag-and-when-it-was-set.ts': `${PRISMA}export async function reopen(id: number) {
  const code = await prisma.code.findUniqueOrThrow({ where: { id } });
  if (!code.openedAt) throw new Error('not opened');
  await prisma.code.update({ where: { id }, data: { openedAt: null, updatedAt: new Date() } });
}`,
  'error-that-is-the-result.ts': `${PRISMA}export async function store(id: number, slug: string) {
  try {
    const found = await prisma.team.findUnique({ where: { slug } });
    if (!found) await prisma.team.create({ data: { id, slug, name: slug } });
    return { stored: true };
  } catch (error) {
    return { stored: false, reason: String(error) };
  }
}`,
  'error-that-a-helper-knows.ts': `${PRISMA}declare function isTaken(error: unknown): boolean;
export async function ensure(id: number, slug: string) {
  const found = await prisma.team.findUnique({ where: { slug } });
  if (found) return found;
  try {
    return await prisma.team.create({ data: { id, slug, name: slug } });
  } catch (error) {
    if (!isTaken(error)) throw error;
    return prisma.team.findUnique({ where: { slug } });
  }
}`,
  'one-table-into-another.ts': `import type { RowRepository, SeatRepository } from './queries/repository';
export class Seats {
  constructor(private readonly seats: SeatRepository, private readonly rows: RowRepository) {}
  async copy(id: string) {
    const row = await this.rows.find(id);
    await this.seats.update(id, { left: row.left - 1 });
  }
}`,
  'constant-in-the-where.ts': `import type { createUserQueries } from './queries/users';
export async function redeem(users: ReturnType<typeof createUserQueries>, text: string) {
  const code = await users.findOpenCode(text);
  if (!code) throw new Error('no such code');
  const used = await users.useOnce(code.id);
  if (!used) throw new Error('it was used meanwhile');
}`,
  'key-that-is-removed.ts': `import type { createUserQueries } from './queries/users';
export async function unlink(users: ReturnType<typeof createUserQueries>, id: string, key: string) {
  const { identities } = await users.findById(id);
  if (!(key in identities)) throw new Error('no such identity');
  return users.forget(id, key);
}`,
  'lock-in-redis.ts': `import Redlock from 'redlock';
${PRISMA}declare const redlock: Redlock;
export async function rename(id: number, suffix: string) {
  await redlock.using([\`team:\${id}\`], 5000, async () => {
    const team = await prisma.team.findUniqueOrThrow({ where: { id } });
    await prisma.team.update({ where: { id }, data: { name: team.name + suffix } });
  });
}`,
};

const reports = new Map<string, readonly string[]>();

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'race-kinds-'));
  const dependencies = { '@prisma/client': '*', typeorm: '*', knex: '*', redlock: '*' };
  const sources = Object.entries({
    'entities.ts': ENTITIES,
    ...QUERIES,
    ...Object.fromEntries(Object.entries(RACES).map(([name, [, code]]) => [name, code])),
    ...REPAIRED,
  });
  const files = [
    ['package.json', JSON.stringify({ dependencies })],
    ['prisma/schema.prisma', SCHEMA],
    ...sources.map(([name, code]) => [join('src', name), code]),
  ] as const;
  for (const [name = '', text = ''] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [justscale.configs.races],
  });
  for (const { filePath, messages } of await eslint.lintFiles(['.'])) {
    reports.set(
      basename(filePath),
      messages.map(({ ruleId, message }) => ruleId?.replace('@justscale/', '') ?? message),
    );
  }
}, 120_000);

afterAll(() => {
  vi.restoreAllMocks();
});

test.each(Object.entries(RACES))('reports %s', (name, [rule]) => {
  expect(reports.get(name)).toEqual([rule]);
});

test.each(Object.keys(REPAIRED))('says nothing of %s', (name) => {
  expect(reports.get(name)).toEqual([]);
});
