import { expect, test } from 'vitest';
// The built files: the worker is a process of its own.
import { runTorture, type TortureOptions } from '../../dist/torture/conductor/run-torture.js';

const OPTIONS: TortureOptions = {
  seconds: 8,
  seed: 7,
  processes: 3,
  loops: 10,
  maxConnections: 4,
  thinkMs: 200,
  adapter: 'justscale',
  delivery: 'in-transaction',
};

test(
  'nothing is lost while processes, connections and the server die',
  { timeout: 90_000 },
  async () => {
    const result = await runTorture(OPTIONS);
    expect(result.anomalies).toEqual([]);
    expect(result.defects).toEqual([]);
    // It is not that nothing happened: work was acknowledged, on all kinds of tables, and faults were met.
    expect(result.operations.ok).toBeGreaterThan(0);
    expect(result.audited).toBeGreaterThan(0);
    expect(Object.keys(result.faults)).not.toEqual([]);
  },
);

test('the naive adapter fails the same run', { timeout: 90_000 }, async () => {
  const result = await runTorture({ ...OPTIONS, adapter: 'naive', stopAtFirstDefect: true });
  expect(result.anomalies.length + result.defects.length).toBeGreaterThan(0);
});
