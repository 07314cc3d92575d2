import { toTestFile } from '@justscale/eslint-plugin/replay';
import { inRepository } from '@justscale/fixtures/commands';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { lostWithdrawal, operations } from './lost-withdrawal.js';

const database = useDatabase();
/** Where the names of packages mean the same as here. */
const temporary = inRepository('.tmp');
mkdirSync(temporary, { recursive: true });
const folder = mkdtempSync(join(temporary, 'replay-'));
// Otherwise the configuration of this repository is found.
writeFileSync(join(folder, 'vitest.config.js'), 'export default {};\n');
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a test file. */
async function run(runner: 'vitest' | 'node:test', file: string, source: string) {
  writeFileSync(join(folder, file), source);
  const [command, args] =
    runner === 'vitest'
      ? ['npx', ['vitest', 'run', '--root', folder, file]]
      : [process.execPath, ['--test', file]];
  const { NODE_TEST_CONTEXT, VITEST, ...env } = process.env;
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...env, DATABASE_URL: database.url, NO_COLOR: '1' },
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  return { code: child.exitCode, output: `${output}${errors}` };
}

test.each(['node:test', 'vitest'] as const)(
  'the test for %s fails with the bug, and passes with the repair',
  async (runner) => {
    const anomaly = await lostWithdrawal(database.url);
    const source = toTestFile(anomaly, { ...operations, runner, folder });
    const failed = await run(runner, 'race.test.js', source);
    expect(failed.output).toContain('rows of account');
    expect(failed.code).toBe(1);
    // The repair is in what the operation does with its last argument: it locks.
    const repaired = await run(runner, 'race.test.js', source.replaceAll(',false]', ',true]'));
    expect(repaired).toEqual({ code: 0, output: expect.any(String) });
  },
  400_000,
);

test('the first example of the page gives the schedule that the page shows', async () => {
  const page = readFileSync(inRepository('docs/replay.md'), 'utf8');
  const [, module, test] = /```js\n(.*?)```.*?```js\n(.*?)```/s.exec(page)!;
  const [, shown] = /```text\n(.*?)```/s.exec(page)!;
  writeFileSync(join(folder, 'withdraw.js'), module!);
  const { code, output } = await run('vitest', 'withdraw.test.js', test!);
  expect(code).toBe(1);
  expect(output).toContain(shown!.trimEnd());
}, 400_000);
