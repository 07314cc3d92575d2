import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { withClient } from './with-client.js';

vi.setConfig({ testTimeout: 240_000 });
const database = useDatabase();

test('Ctrl-C ends it by that signal, and leaves no database, process or connection', async () => {
  const program = fork(fileURLToPath(new URL('./endless.js', import.meta.url)), [database.url]);
  const pids: number[] = [];
  // Each of the two processes tells its number and waits for the other one.
  const both = new Promise<void>((done) => {
    program.on('message', (pid: number) => {
      if (pids.push(pid) === 2) done();
    });
  });
  const exited = once(program, 'exit');
  await both;
  const made = `justscale_replay_${program.pid}_%`;
  const databases = () =>
    withClient(database.url, async (client) => {
      const found = await client.query('select datname from pg_database where datname like $1', [
        made,
      ]);
      const open = await client.query('select pid from pg_stat_activity where datname like $1', [
        made,
      ]);
      return { databases: found.rows, connections: open.rows };
    });
  expect((await databases()).databases).toHaveLength(2);
  program.kill('SIGINT');
  expect(await exited).toEqual([null, 'SIGINT']);
  expect(await databases()).toEqual({ databases: [], connections: [] });
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
