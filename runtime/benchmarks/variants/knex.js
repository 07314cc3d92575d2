import createKnex from 'knex';

/** @type {import('../variant.js').Variant} */
export default {
  title: 'Knex',
  packages: ['knex', 'pg'],
  asked: '`knex.transaction(…)` with `.forUpdate().first()` and `.update(…)`',
  async open({ url, connections }) {
    const knex = createKnex({
      client: 'pg',
      connection: url,
      pool: { min: 0, max: connections },
    });
    return {
      increment: (id) =>
        knex.transaction(async (trx) => {
          const { balance } = await trx('account').where({ id }).forUpdate().first();
          await trx('account')
            .where({ id })
            .update({ balance: balance + 1 });
        }),
      close: () => knex.destroy(),
    };
  },
};
