import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('support/unclosed-store.js', import.meta.url));

test('a process that never closes its memory store ends by itself, whatever its limits and subscriptions', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { timeout: 15_000 });
  expect(stdout).toBe('heard, 2\n');
});
