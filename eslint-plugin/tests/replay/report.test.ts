import { toSarif, type Anomaly } from '@justscale/eslint-plugin/replay';
import { useDatabase } from '@justscale/fixtures/postgres/vitest';
import pg from 'pg';
import type { Log } from 'sarif';
import { beforeAll, expect, test } from 'vitest';
import { sarifProblems } from '../support/sarif-problems.js';
import { lostWithdrawal } from './lost-withdrawal.js';
import { firstRow, withClient } from './with-client.js';

const database = useDatabase();
let anomaly: Anomaly;
beforeAll(async () => {
  anomaly = await lostWithdrawal(database.url);
}, 240_000);

test('SARIF has a thread for each process, and the statements of both in one order', () => {
  const log = JSON.parse(toSarif(anomaly)) as Log;
  expect(sarifProblems(log)).toBeNull();
  const [a, b] = log.runs[0]!.results![0]!.codeFlows![0]!.threadFlows;
  const orders = [a, b].map((thread) => thread!.locations.map((step) => step.executionOrder!));
  expect(orders.flat().sort((x, y) => x - y)).toEqual(
    anomaly.schedule.map((_, index) => index + 1),
  );
  expect(a!.locations.map(({ location }) => location!.message!.text).join('\n')).toContain(
    "update account set balance = '90'",
  );
});

/** Runs a specification as isolationtester would, where no step waits. */
async function runSpec(spec: string): Promise<unknown> {
  const blocks = [...spec.matchAll(/(setup|step (\w+)) \{ ([^}]*) \}/g)];
  const sql = new Map(blocks.map(([, , name, text]) => [name, text!]));
  const url = database.url;
  for (const [, kind, , text] of blocks)
    if (kind === 'setup') await withClient(url, (client) => client.query(text!));
  const sessions = new Map<string, pg.Client>();
  for (const [, name] of spec.matchAll(/^session (\w+)$/gm)) {
    const client = new pg.Client(url);
    await client.connect();
    sessions.set(name!, client);
  }
  for (const step of /^permutation (.*)$/m.exec(spec)![1]!.split(' '))
    await sessions.get(step.replace(/_s\d+$/, ''))!.query(sql.get(step)!);
  for (const client of sessions.values()) await client.end();
  return withClient(url, (client) => firstRow<object>(client, 'select * from account'));
}

test('the specification for isolationtester gives the same rows, braces in texts or not', async () => {
  const left = (anomaly.difference.schedule['rows of account'] as unknown[])[0];
  expect(await runSpec(anomaly.spec)).toEqual(left);
  expect(left).toMatchObject({ note: { a: { b: "it's" } } });
  expect(anomaly.spec).toContain('teardown { drop table account cascade; }');
});
