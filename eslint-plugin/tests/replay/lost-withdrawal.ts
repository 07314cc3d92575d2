import { explore, type Anomaly, type ProcessOperation } from '@justscale/eslint-plugin/replay';
import { withClient } from './with-client.js';

const operation = (amount: number): ProcessOperation => ({
  module: new URL('./withdraw.js', import.meta.url),
  export: 'withdraw',
  args: [amount, false],
});
export const operations = { a: operation(10), b: operation(20) };

/** Two withdrawals, of which one is lost. */
export async function lostWithdrawal(database: string): Promise<Anomaly> {
  const result = await explore(operations.a, operations.b, {
    database,
    setup: (url) =>
      withClient(url, async (client) => {
        await client.query('create table account (id int primary key, balance int, note jsonb)');
        await client.query('insert into account values ($1, 100, $2)', [1, { a: { b: "it's" } }]);
      }),
    replays: 1,
  });
  if (result.verdict !== 'anomaly') throw new Error(JSON.stringify(result));
  return result;
}
