import { waitUntil } from '@justscale/fixtures/wait-until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { descendantsOf, isRunning } from '../prove/process-tree.js';
import { RunningDemo } from './support/running-demo.js';

describe('the demo', () => {
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await RunningDemo.start();
  });

  afterAll(() => demo.end());

  /** Presses a button, and waits until the page shows what it came to. */
  async function press(action: string, isShown: () => boolean): Promise<void> {
    expect(await demo.act(action)).toBe(204);
    await waitUntil(isShown, { describe: () => ({ state: demo.state, notes: demo.notes }) });
  }

  const sales = (side: 'by hand' | 'runtime') => demo.state?.ledger[side].sales;

  test('one request to each: by hand one of the two is lost, on the runtime none', async () => {
    await press('one each', () => sales('by hand') === 2 && sales('runtime') === 2);
    expect(demo.state?.ledger).toEqual({
      'by hand': { sales: 2, sold: 1, lost: 1 },
      runtime: { sales: 2, sold: 2, lost: 0 },
    });
    const text = demo.statements.map((statement) => `${statement.side}: ${statement.text}`);
    expect(text).toContainEqual(expect.stringMatching(/^by hand: update event_by_hand set sold/));
    expect(text).toContainEqual(expect.stringMatching(/^runtime: select .* for update/is));
  });

  test('a storm of a hundred', async () => {
    await press('storm', () => sales('by hand') === 102 && sales('runtime') === 102);
    expect(demo.state?.ledger['by hand'].lost).toBeGreaterThan(1);
    expect(demo.state?.ledger.runtime).toEqual({ sales: 102, sold: 102, lost: 0 });
  });

  test('the holder of the lock is killed: whoever waited goes on, nothing of it is left', async () => {
    const before = demo.state?.processes[0]?.pid;
    await press('kill', () => sales('runtime') === 103);
    expect(demo.state?.ledger.runtime.lost).toBe(0);
    expect(demo.notes.at(-1)).toMatch(/A was killed.*B had sold its ticket \d+ ms later/);
    expect(demo.state?.processes[0]?.pid).not.toBe(before);
  });

  test('the bus is cut: it comes back, and the processes have read again', async () => {
    await press('cut the bus', () => demo.notes.some((note) => note.includes('bus was back')));
    expect(demo.state?.ledger.runtime.lost).toBe(0);
  });

  test('a third process, and no fourth', async () => {
    await press('third', () => demo.state?.processes.length === 3);
    await press('third', () => demo.notes.includes('There are three processes already.'));
  });

  test('a page of somebody else presses no button', async () => {
    expect(await demo.act('reset', { origin: 'http://example.com' })).toBe(403);
    expect(await demo.act('drop everything')).toBe(404);
  });

  test('start over', async () => {
    await press('reset', () => sales('by hand') === 0 && sales('runtime') === 0);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s leaves nothing behind', async (signal) => {
  const demo = await RunningDemo.start();
  const started = descendantsOf(demo.child.pid ?? 0);
  expect(started.filter(({ command }) => command.includes('/demo/process/main.js'))).toHaveLength(
    2,
  );
  expect(started.some(({ command }) => command.includes('postgres'))).toBe(true);

  expect(await demo.end(signal)).toBe(0);
  await waitUntil(() => !started.some(isRunning), { describe: () => started.filter(isRunning) });
});

test('when it is killed its processes and its database end as well', async () => {
  const demo = await RunningDemo.start();
  const started = descendantsOf(demo.child.pid ?? 0);
  await demo.end('SIGKILL');
  await waitUntil(() => !started.some(isRunning), { describe: () => started.filter(isRunning) });
});
