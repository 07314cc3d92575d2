import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { x } from 'tinyexec';

const repository = resolve(import.meta.dirname, '../../..');
const bin = resolve(repository, 'eslint-plugin/dist/cli/justscale.js');

const audit = (...args: readonly string[]) =>
  x('node', [bin, 'audit', ...args], { nodeOptions: { cwd: repository } });

it('gives a program on the runtime a complete certificate', { timeout: 120_000 }, async () => {
  const { stdout, exitCode } = await audit('fixtures/examples/chat-app', '--format', 'json');

  const { findings, writes, summary } = JSON.parse(stdout) as {
    findings: readonly unknown[];
    writes: readonly { verdict: string }[];
    summary: { isComplete: boolean };
  };
  expect(exitCode).toBe(0);
  expect(findings).toEqual([]);
  expect(summary.isComplete).toBe(true);
  expect(new Set(writes.map(({ verdict }) => verdict))).toEqual(new Set(['insert', 'locked']));
});

it('says in one sentence why it cannot run', async () => {
  const { stderr, exitCode } = await audit('no-such-folder');

  expect(stderr).toMatch(/no-such-folder/);
  expect(exitCode).toBe(2);
});
