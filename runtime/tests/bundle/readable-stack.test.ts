import { spawnSync } from 'node:child_process';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { expect, test } from 'vitest';

const LONGEST_OUTPUT = 4_000;
const LONGEST_LINE = 500;

const database = useDatabase('');

test.each([
  [
    'a table that is missing',
    `await postgresStore(process.argv[1]).repository(Account).find();`,
    'DatabaseError',
  ],
  [
    'an option that cannot be used',
    `postgresStore(process.argv[1], { maxConnections: 0 });`,
    'InvalidOptionError',
  ],
  ['a lock outside a transaction', `await accounts.lock(Account.ref('a'));`, 'LockOutside'],
  ['a name that cannot be used', `memoryStore().repository(Account, { table: '' });`, 'Invalid'],
  ['a value that is refused', `await accounts.save(new Account({}));`, 'ValidationError'],
])('nobody catches %s: the log shows a stack to read, not a bundle', (_, code, name) => {
  const script = `
    import { defineModel } from '@justscale/runtime';
    import { memoryStore } from '@justscale/runtime/memory';
    import { postgresStore } from '@justscale/runtime/postgres';
    import { z } from 'zod';
    class Account extends defineModel('account', z.object({ owner: z.string() })) {}
    const accounts = memoryStore().repository(Account);
    ${code}`;
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script, database.url],
    { encoding: 'utf8', timeout: 20_000 },
  );
  expect(status).toBe(1);
  expect(stderr).toContain(name);
  expect(stderr.length).toBeLessThan(LONGEST_OUTPUT);
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(LONGEST_LINE);
});
