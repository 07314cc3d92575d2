import { EntitySchema, LockMode, MikroORM } from '@mikro-orm/postgresql';
import type { AccountRow, Variant } from '../variant.js';

const Account = new EntitySchema<{ -readonly [Field in keyof AccountRow]: AccountRow[Field] }>({
  name: 'Account',
  tableName: 'account',
  properties: {
    id: { type: 'text', primary: true },
    owner: { type: 'text' },
    balance: { type: 'integer' },
  },
});

export default {
  title: 'MikroORM',
  packages: ['@mikro-orm/postgresql'],
  asked:
    'a fork of the entity manager, `em.transactional(…)` with `findOneOrFail({ lockMode: PESSIMISTIC_WRITE })` and a changed property',
  async open({ url, connections }) {
    const orm = await MikroORM.init({
      clientUrl: url,
      entities: [Account],
      pool: { min: 0, max: connections },
    });
    return {
      increment: (id: string) =>
        orm.em.fork().transactional(async (em) => {
          const account = await em.findOneOrFail(
            Account,
            { id },
            { lockMode: LockMode.PESSIMISTIC_WRITE },
          );
          account.balance += 1;
        }),
      close: () => orm.close(),
    };
  },
} satisfies Variant;
