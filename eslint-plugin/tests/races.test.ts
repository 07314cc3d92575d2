import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { ESLint } from 'eslint';
import { afterEach, expect, test, vi } from 'vitest';

const PACKAGE = JSON.stringify({ dependencies: { '@prisma/client': '^6', typeorm: '^0.3' } });

const SCHEMA = `
model Seat {
  id     Int    @id
  teamId Int
  status String
}
model Token {
  id     Int    @id
  value  String @unique
  userId Int
}
model User {
  id       Int    @id
  password String
  settings Json
  logins   Int
}`;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the config `races` reports in the files of a folder in which nothing is installed, built or configured. */
async function lint(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'races-'));
  for (const [name, text] of Object.entries({ 'package.json': PACKAGE, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [justscale.configs.races],
  });
  const results = await eslint.lintFiles(['.']);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, message }) => `${String(line)} ${ruleId ?? message}`),
  );
}

const onPrisma = (code: string) =>
  lint({
    'prisma/schema.prisma': SCHEMA,
    'src/code.ts': `import { Prisma, PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
${code}`,
  });

test.each([
  [
    'a limit that is counted and then exceeded',
    `export async function join(teamId: number, limit: number) {
  if ((await prisma.seat.count({ where: { teamId } })) >= limit) throw new Error('full');
  await prisma.seat.create({ data: { teamId, status: 'taken' } });
}`,
    ['5 @justscale/no-unguarded-insert'],
  ],
  [
    'a status that is checked and then overwritten',
    `export async function leave(id: number) {
  const seat = await prisma.seat.findUnique({ where: { id } });
  if (seat?.status !== 'taken') throw new Error('not taken');
  await prisma.seat.update({ where: { id }, data: { status: 'free' } });
}`,
    ['6 @justscale/no-stale-decision'],
  ],
  [
    'JSON that is merged from a stale copy',
    `export async function set(id: number, theme: string) {
  const user = await prisma.user.findUniqueOrThrow({ where: { id } });
  await prisma.user.update({ where: { id }, data: { settings: { ...user.settings, theme } } });
}`,
    ['5 @justscale/no-stale-patch'],
  ],
  [
    'a token that is used twice',
    `export async function reset(value: string, password: string) {
  const token = await prisma.token.findFirst({ where: { value } });
  if (!token) throw new Error('no such token');
  await prisma.user.update({ where: { id: token.userId }, data: { password } });
  await prisma.token.deleteMany({ where: { id: token.id } });
}`,
    ['7 @justscale/no-stale-decision'],
  ],
  [
    'the outer client in a transaction',
    `export const f = (id: number) => prisma.$transaction(async (tx) => {
  await tx.seat.delete({ where: { id } });
  await prisma.seat.count();
});`,
    ['5 @justscale/no-outer-client'],
  ],
])(
  'reports %s',
  async (_, code, expected) => {
    expect(await onPrisma(code)).toEqual(expected);
  },
  60_000,
);

test.each([
  [
    'a conditional write whose count is looked at',
    `export async function leave(id: number) {
  const seat = await prisma.seat.findUnique({ where: { id } });
  if (seat?.status !== 'taken') throw new Error('not taken');
  const { count } = await prisma.seat.updateMany({ where: { id, status: 'taken' }, data: { status: 'free' } });
  if (count === 0) throw new Error('not taken');
}`,
  ],
  [
    'an increment',
    `export async function login(id: number) {
  const user = await prisma.user.findUniqueOrThrow({ where: { id } });
  if (user.password !== '') await prisma.user.update({ where: { id }, data: { logins: { increment: 1 } } });
}`,
  ],
  [
    'a limit that is counted under a lock',
    `export const join = (teamId: number, limit: number) => prisma.$transaction(async (tx) => {
  await tx.$queryRaw\`SELECT id FROM "User" WHERE id = \${teamId} FOR UPDATE\`;
  if ((await tx.seat.count({ where: { teamId } })) >= limit) throw new Error('full');
  await tx.seat.create({ data: { teamId, status: 'taken' } });
});`,
  ],
  [
    'a limit in a transaction that is serializable',
    `export const join = (teamId: number, limit: number) => prisma.$transaction(async (tx) => {
  if ((await tx.seat.count({ where: { teamId } })) >= limit) throw new Error('full');
  await tx.seat.create({ data: { teamId, status: 'taken' } });
}, { isolationLevel: Prisma.TransactionIsolationLevel.Serializable });`,
  ],
  [
    'that somebody else owns the row',
    `export async function rename(id: number, userId: number, status: string) {
  const token = await prisma.token.findUnique({ where: { id } });
  if (token?.userId !== userId) throw new Error('not yours');
  await prisma.token.update({ where: { id }, data: { value: status } });
}`,
  ],
])(
  'leaves alone %s',
  async (_, code) => {
    expect(await onPrisma(code)).toEqual([]);
  },
  60_000,
);

test('an entity that is read, changed and saved, without the package', async () => {
  const code = `import { Column, Entity, PrimaryGeneratedColumn, type Repository } from 'typeorm';
@Entity()
export class Stock {
  @PrimaryGeneratedColumn() id!: number;
  @Column() amount!: number;
}
export class StockService {
  constructor(private readonly stocks: Repository<Stock>) {}
  async take(id: number, amount: number) {
    const stock = await this.stocks.findOneByOrFail({ id });
    stock.amount = stock.amount - amount;
    await this.stocks.save(stock);
  }
}`;
  expect(await lint({ 'src/stock.ts': code })).toEqual(['12 @justscale/no-stale-patch']);
}, 60_000);

test('says once that a schema cannot be read, and analyses the rest', async () => {
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const code = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export async function leave(id: number) {
  const seat = await prisma.seat.findUnique({ where: { id } });
  if (seat?.status !== 'taken') throw new Error('not taken');
  await prisma.seat.update({ where: { id }, data: { status: 'free' } });
}`;
  const reports = await lint({
    'prisma/schema.prisma': SCHEMA,
    'other/schema.prisma': 'model {{{',
    'src/code.ts': code,
  });
  expect(reports).toEqual(['6 @justscale/no-stale-decision']);
  const warnings = emitWarning.mock.calls.map(([message]) => String(message));
  expect(warnings.filter((text) => text.includes('schema.prisma'))).toEqual([
    expect.stringMatching(
      /other\/schema\.prisma is no Prisma schema: .* Its tables are not known\.$/,
    ),
  ]);
}, 60_000);

test.each([
  ['by a relative path', '../generated/prisma/client'],
  ['by an alias of its folder', '@/generated/prisma'],
])('knows a client that is generated into a folder of the project: %s', async (_, module) => {
  const reports = await lint({
    'prisma/schema.prisma': `generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}
${SCHEMA}`,
    'src/lib/prisma.ts': `import { PrismaClient } from '${module}';
function getClient() {
  return new PrismaClient();
}
const client = (globalThis['prisma'] || getClient()) as ReturnType<typeof getClient>;
export default { client };`,
    'src/seats.ts': `import prisma from './lib/prisma';
export async function leave(id: number) {
  const seat = await prisma.client.seat.findUnique({ where: { id } });
  if (seat?.status !== 'taken') throw new Error('not taken');
  await prisma.client.seat.update({ where: { id }, data: { status: 'free' } });
}`,
  });
  expect(reports).toEqual(['5 @justscale/no-stale-decision']);
});
