import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { expect, test, vi } from 'vitest';
import noStaleDecision from '#dist/rules/no-stale-decision.js';
import noStalePatch from '#dist/rules/no-stale-patch.js';
import noUnguardedInsert from '#dist/rules/no-unguarded-insert.js';

vi.mock(import('#dist/vocabulary/vocabularies.js'), async (importActual) => {
  const { vocabularies } = await importActual();
  const { ledger } = await import('./ledger.js');
  return { vocabularies: [...vocabularies, ledger] };
});

const FOLDER = '/app';
const CLIENT = `import { openLedger } from 'ledger';
export const ledger = openLedger('memory');
`;

/** Lints the first of some files, in a program in which the library is not installed. */
function lint(files: Readonly<Record<string, string>>): readonly string[] {
  const [name = ''] = Object.keys(files);
  const program = createProgram(files);
  const linter = new Linter({ cwd: FOLDER });
  const plugin = {
    rules: {
      'no-stale-patch': noStalePatch,
      'no-stale-decision': noStaleDecision,
      'no-unguarded-insert': noUnguardedInsert,
    },
  };
  const messages = linter.verify(
    files[name] ?? '',
    [
      {
        files: ['**/*.ts'],
        languageOptions: { parser, parserOptions: { programs: [program] } },
        plugins: { race: plugin },
        rules: {
          'race/no-stale-patch': 'error',
          'race/no-stale-decision': 'error',
          'race/no-unguarded-insert': 'error',
        },
      } as unknown as Linter.Config,
    ],
    { filename: join(FOLDER, name) },
  );
  return messages.map(
    ({ ruleId, messageId, line, message }) =>
      `${String(line)} ${messageId ?? `${String(ruleId)} ${message}`}`,
  );
}

const libraries = new Map<string, ts.SourceFile | undefined>();

function createProgram(files: Readonly<Record<string, string>>): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (path: string) => files[path.slice(FOLDER.length + 1)];
  host.getCurrentDirectory = () => FOLDER;
  host.directoryExists = () => true;
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.readFile = (path) => textOf(path) ?? readFile(path);
  host.getSourceFile = (path, language) => {
    const text = textOf(path);
    if (text === undefined && !libraries.has(path)) {
      libraries.set(path, getSourceFile.call(host, path, language));
    }
    return text === undefined
      ? libraries.get(path)
      : ts.createSourceFile(path, text, language, true);
  };
  const names = Object.keys(files).map((name) => join(FOLDER, name));
  return ts.createProgram(names, options, host);
}

const withClient = (body: string) =>
  lint({ 'orders.ts': `import { ledger } from './client.js';\n${body}`, 'client.ts': CLIENT });

test('a patch that is computed from an unlocked read', () => {
  expect(
    withClient(`export async function pay(id: string, amount: number) {
  const account = await ledger.table('accounts').get({ id });
  await ledger.table('accounts').put({ id }, { balance: account.balance - amount });
}`),
  ).toEqual(['4 stalePatch']);
});

test('a row that is found by something else, and written by its id', () => {
  expect(
    withClient(`const accounts = ledger.table('accounts');
export async function pay(email: string, amount: number) {
  const { id, balance } = await accounts.get({ email });
  await accounts.put({ id }, { balance: balance - amount });
}`),
  ).toEqual(['5 stalePatch']);
});

test('a check that decides, and a write by the id alone', () => {
  expect(
    withClient(`export async function close(id: string) {
  const order = await ledger.table('orders').get({ id });
  if (order.status !== 'open') throw new Error('not open');
  await ledger.table('orders').put({ id }, { status: 'closed' });
}`),
  ).toEqual(['5 checked']);
});

test('a count that decides an insert', () => {
  expect(
    withClient(`export async function join(club: string, user: string) {
  if ((await ledger.table('members').count({ club })) >= 10) throw new Error('full');
  await ledger.table('members').add({ club, user });
}`),
  ).toEqual(['4 limited']);
});

test('a count under the lock of what is counted', () => {
  expect(
    withClient(`export async function join(club: string, user: string) {
  await ledger.locked(async (tx) => {
    await tx.table('clubs').take({ id: club });
    if ((await tx.table('members').count({ club })) >= 10) throw new Error('full');
    await tx.table('members').add({ club, user });
  });
}`),
  ).toEqual([]);
});

test('the lock that repairs both', () => {
  expect(
    withClient(`export async function pay(id: string, amount: number) {
  await ledger.locked(async (tx) => {
    const account = await tx.table('accounts').take({ id });
    if (account.balance < amount) throw new Error('too little');
    await tx.table('accounts').put({ id }, { balance: account.balance - amount });
  });
}`),
  ).toEqual([]);
});

test('a lock after the read protects nothing', () => {
  expect(
    withClient(`export async function pay(id: string, amount: number) {
  await ledger.locked(async (tx) => {
    const account = await tx.table('accounts').get({ id });
    await tx.table('accounts').take({ id });
    await tx.table('accounts').put({ id }, { balance: account.balance - amount });
  });
}`),
  ).toEqual(['6 stalePatch']);
});

test('a conditional write repeats what was checked, and what was computed from', () => {
  expect(
    withClient(`export async function close(id: string) {
  const order = await ledger.table('orders').get({ id });
  if (order.status !== 'open') throw new Error('not open');
  const closed = await ledger.table('orders').put({ id, status: 'open' }, { status: 'closed' });
  if (closed === 0) throw new Error('somebody else was first');
}
export async function pay(id: string, amount: number) {
  const { balance } = await ledger.table('accounts').get({ id });
  const paid = await ledger.table('accounts').put({ id, balance }, { balance: balance - amount });
  if (paid === 0) throw new Error('somebody else was first');
}
export async function rename(id: string, add: string) {
  const row = await ledger.table('accounts').get({ id });
  const next = { name: row.name + add, version: row.version + 1 };
  await ledger.table('accounts').put({ id, version: row.version }, next);
}`),
  ).toEqual([]);
});

test('a condition on one field does not protect another', () => {
  expect(
    withClient(`export async function close(id: string, team: string) {
  const order = await ledger.table('orders').get({ id });
  if (order.status !== 'open') throw new Error('not open');
  await ledger.table('orders').put({ id, team }, { status: 'closed' });
}
export async function pay(id: string, team: string) {
  const { balance } = await ledger.table('accounts').get({ id });
  await ledger.table('accounts').put({ id, team }, { balance: balance - 1 });
}`),
  ).toEqual(['5 checked', '9 stalePatch']);
});

test('through helpers of files that do not name the library, and clients by their type', () => {
  const files = (take: string) => ({
    'orders.ts': `import { load, store } from './accounts.js';
export async function pay(id: string, amount: number) {
  await store(id, (await load(id)).balance - amount);
}`,
    'accounts.ts': `import { ledger } from './client.js';
import type { Tx } from 'ledger';
export const load = (id: string) => ledger.table('accounts').get({ id });
export async function store(id: string, balance: number, db: Tx = ledger) {
  await db.table('accounts').${take}({ id }, { balance });
}`,
    'client.ts': CLIENT,
  });
  expect(lint(files('put'))).toEqual(['3 stalePatch']);
});

test('the same names in a file that has nothing to do with the library', () => {
  expect(
    lint({
      'orders.ts': `declare const ledger: any;
export async function pay(id: string, amount: number) {
  const account = await ledger.table('accounts').get({ id });
  await ledger.table('accounts').put({ id }, { balance: account.balance - amount });
}`,
      'client.ts': CLIENT,
    }),
  ).toEqual([]);
});
