import { isUpToDate, readRecord } from '@justscale/fixtures/commands';
import { expect, test } from 'vitest';
import {
  reliabilityPage,
  renderReliability,
  type TortureRecord,
} from '../../torture/report/reliability-page.js';

const RESULT: TortureRecord['result'] = {
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
  audited: 11,
  errors: { 'DATABASE 57014': 3, DEADLOCK: 4 },
  faults: { 'SIGKILL before commit': 5, 'connections reset at COMMIT': 6 },
  provoked: { 'subscriber throws': 7 },
  signals: 8,
  gaps: 9,
  anomalies: [],
  defects: [],
  heapGrowth: 1.02,
};
const COMMAND = 'npm run torture -- --seconds 600 --workers 4 --seed 7 --write';
const MACHINE = {
  processors: 2,
  model: 'a processor',
  memoryGiB: 24,
  system: 'Linux 6',
  node: 'v20.20.0',
  date: '2026-11-30',
};

function render(result: TortureRecord['result']): string {
  return renderReliability({ command: COMMAND, machine: MACHINE, result });
}

test('docs/reliability.md says what is on record (npm run torture -- --recorded --write)', async () => {
  const record = await readRecord<TortureRecord>('e2e/torture/report/result.json');
  expect(await isUpToDate(await reliabilityPage(record))).toBe(true);
});

test('the page says what was done and found, with the command that repeats it', () => {
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
