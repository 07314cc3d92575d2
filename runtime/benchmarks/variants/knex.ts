import knexModule from 'knex';
import type { AccountRow, Variant } from '../variant.js';

export default {
  title: 'Knex',
  packages: ['knex', 'pg'],
  asked: '`knex.transaction(…)` with `.forUpdate().first()` and `.update(…)`',
  async open({ url, connections }) {
    const knex = knexModule.knex({
      client: 'pg',
      connection: url,
      pool: { min: 0, max: connections },
    });
    return {
      increment: (id: string) =>
        knex.transaction(async (trx) => {
          const account = await trx<AccountRow>('account').where({ id }).forUpdate().first();
          if (account === undefined) throw new Error('the account is not there');
          await trx<AccountRow>('account')
            .where({ id })
            .update({ balance: account.balance + 1 });
        }),
      close: () => knex.destroy(),
    };
  },
} satisfies Variant;
