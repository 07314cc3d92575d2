import 'reflect-metadata';
import { DataSource, EntitySchema } from 'typeorm';

const Account = new EntitySchema({
  name: 'Account',
  tableName: 'account',
  columns: {
    id: { type: 'text', primary: true },
    owner: { type: 'text' },
    balance: { type: 'int' },
  },
});

/** @type {import('../variant.js').Variant} */
export default {
  title: 'TypeORM (save)',
  packages: ['typeorm', 'pg'],
  asked:
    '`dataSource.transaction(…)` with `findOneOrFail({ lock: pessimistic_write })` and `save(entity)`',
  async open({ url, connections }) {
    const source = new DataSource({
      type: 'postgres',
      url,
      entities: [Account],
      poolSize: connections,
    });
    await source.initialize();
    return {
      increment: (id) =>
        source.transaction(async (manager) => {
          const account = await manager.findOneOrFail(Account, {
            where: { id },
            lock: { mode: 'pessimistic_write' },
          });
          account.balance += 1;
          await manager.save(Account, account);
        }),
      close: () => source.destroy(),
    };
  },
};
