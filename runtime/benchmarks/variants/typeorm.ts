import 'reflect-metadata';
import { DataSource, EntitySchema } from 'typeorm';
import type { AccountRow, Variant } from '../variant.js';

const Account = new EntitySchema<{ -readonly [Field in keyof AccountRow]: AccountRow[Field] }>({
  name: 'Account',
  tableName: 'account',
  columns: {
    id: { type: 'text', primary: true },
    owner: { type: 'text' },
    balance: { type: 'int' },
  },
});

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
      increment: (id: string) =>
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
} satisfies Variant;
