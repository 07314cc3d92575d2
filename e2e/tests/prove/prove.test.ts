import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@justscale/fixtures/wait-until';
import { expect, test } from 'vitest';
import { descendantsOf, isRunning } from './process-tree.js';

const PROVE = fileURLToPath(new URL('../../dist/prove/cli.js', import.meta.url));

function prove(...flags: string[]) {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [PROVE, ...flags], { env });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  return { child, output, closed: once(child, 'close') as Promise<[number | null]> };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s leaves no Postgres and no process behind',
  { timeout: 120_000 },
  async (signal) => {
    const { child, output, closed } = prove('--ring', 'processes');
    const pid = child.pid ?? 0;
    const started = await waitUntil(
      () => {
        const all = descendantsOf(pid);
        const hasChat = all.some(({ command }) => /\/chat-app\/.*main\.js/.test(command));
        const hasPostgres = all.some(({ command }) => /postgres.* -D |^postgres: /.test(command));
        return hasChat && hasPostgres ? all : undefined;
      },
      { timeoutMs: 100_000, describe: () => ({ output, all: descendantsOf(pid) }) },
    );

    child.kill(signal);
    const [code] = await closed;
    await waitUntil(() => !started.some(isRunning), {
      describe: () => started.filter(isRunning),
    });
    expect(code, output.stderr).toBe(130);
  },
);

test('a ring that does not exist is refused, with the rings that do', async () => {
  const { output, closed } = prove('--ring', 'saturn');
  const [code] = await closed;
  expect(code).toBe(2);
  expect(output.stderr).toMatch(/saturn[^]*types, lint, runtime, processes[^]*--help/);
});

test('--help explains, and proves nothing', async () => {
  const { output, closed } = prove('--help');
  const [code] = await closed;
  expect(code).toBe(0);
  expect(output.stdout).toContain('--json');
});
