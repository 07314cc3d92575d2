import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckContext, CheckResult } from '../check.js';
import { REPOSITORY } from '../repository.js';
import type { TestMessage } from './test-messages.js';

const REPORTER = fileURLToPath(new URL('./ipc-reporter.js', import.meta.url));
const OUTPUT_LINES = 30;

/**
 * Runs test files with vitest, as `npm test` does.
 *
 * @param files - paths from the root of the repository
 * @param flags - further flags of vitest's command line
 */
export async function runTests(
  files: readonly string[],
  { progress }: CheckContext,
  flags: readonly string[] = [],
): Promise<CheckResult> {
  const vitest = fork(vitestCommand(), ['run', `--reporter=${REPORTER}`, ...flags, ...files], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [vitest.stdout, vitest.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).split('\n').slice(-OUTPUT_LINES).join('\n');
    });
  }

  let collected = 0;
  let passed = 0;
  const failures: string[] = [];
  const details: string[] = [];
  vitest.on('message', (message: TestMessage) => {
    if (message.type === 'collected') collected += message.tests;
    else if (message.type === 'error' || message.state === 'failed') {
      failures.push(`${message.name}\n${message.reason}`);
    } else if (message.state === 'skipped') {
      failures.push(`${message.name}\nwas skipped, so it proves nothing`);
    } else {
      passed += 1;
      if (message.figure !== undefined) details.push(message.figure);
    }
    progress(`${passed} of ${collected}`);
  });

  const [code] = (await once(vitest, 'close')) as [number | null];
  if (code !== 0 && failures.length === 0) failures.push(`vitest failed.\n${output.trim()}`);
  return { count: passed, unit: 'tests', details, failures };
}

function vitestCommand(): string {
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
  return join(dirname(manifest), 'vitest.mjs');
}
