import { check, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import type { TortureResult } from '../../torture/conductor/run-torture.js';
import { describeMachine, renderReliabilityPage } from '../../torture/report/reliability-page.js';

const RESULT: TortureResult = {
  options: {
    seconds: 600,
    seed: 7,
    processes: 4,
    loops: 12,
    maxConnections: 6,
    thinkMs: 300,
    adapter: 'justscale',
    delivery: 'after-commit',
  },
  server: 'PostgreSQL 18.0',
  operations: { ok: 1_234_567, fail: 89, unknown: 10 },
  byKind: { 'append ok': 1 },
  errors: { 'DATABASE 57014': 3, DEADLOCK: 4 },
  faults: { 'SIGKILL before commit': 5, 'connections reset at COMMIT': 6 },
  provoked: { 'subscriber throws': 7 },
  signals: 8,
  gaps: 9,
  anomalies: [],
  defects: [],
  heapGrowth: 1.02,
};
const COMMAND = 'npm run torture -- --seconds 600 --workers 4 --seed 7 --write-docs';

function render(result: TortureResult): string {
  const about = { command: COMMAND, machine: describeMachine(), server: result.server };
  return renderReliabilityPage(result, about);
}

test('the page says what was done and found, with the command that repeats it', async () => {
  const page = render(RESULT);
  for (const text of [
    COMMAND,
    '1,234,567',
    'DATABASE 57014',
    'connections reset at COMMIT',
    'none',
  ])
    expect(page).toContain(text);
  expect(page).toContain('## What is not promised');
  const config = await resolveConfig(new URL(import.meta.url));
  expect(await check(page, { ...config, parser: 'markdown' })).toBe(true);
});

test('the page names what went wrong', () => {
  const page = render({
    ...RESULT,
    anomalies: [{ name: 'lost update', detail: 'w1.5 was acknowledged, but it is not there' }],
    defects: ['w2: TypeError: no\n    at somewhere'],
  });
  expect(page).toContain('- lost update: w1.5 was acknowledged');
  expect(page).toContain('- w2: TypeError: no\n');
  expect(page).not.toContain('at somewhere');
});
