import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { AccountRow, Variant } from '../variant.js';

export default {
  title: 'Kysely (pg)',
  packages: ['kysely', 'pg'],
  asked: '`db.transaction().execute(…)` with `selectFrom(…).forUpdate()` and `updateTable(…)`',
  async open({ url, connections }) {
    const pool = new pg.Pool({ connectionString: url, max: connections });
    const db = new Kysely<{ account: AccountRow }>({ dialect: new PostgresDialect({ pool }) });
    return {
      increment: (id: string) =>
        db.transaction().execute(async (trx) => {
          const account = await trx
            .selectFrom('account')
            .select('balance')
            .where('id', '=', id)
            .forUpdate()
            .executeTakeFirstOrThrow();
          await trx
            .updateTable('account')
            .set({ balance: account.balance + 1 })
            .where('id', '=', id)
            .execute();
        }),
      close: () => db.destroy(),
    };
  },
} satisfies Variant;
