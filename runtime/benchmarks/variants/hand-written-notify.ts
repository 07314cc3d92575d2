import postgres from 'postgres';
import { theOnly, type AccountRow, type Variant } from '../variant.js';

export default {
  title: 'hand-written `sql.begin` with `pg_notify` before the COMMIT',
  packages: ['postgres'],
  asked: '`sql.begin` with `SELECT … FOR UPDATE`, `UPDATE` and `select pg_notify(…)`',
  async open({ url, connections }) {
    const sql = postgres(url, { max: connections });
    return {
      increment: (id: string) =>
        sql.begin(async (tx) => {
          const account = theOnly(
            await tx<AccountRow[]>`select balance from account where id = ${id} for update`,
          );
          await tx`update account set balance = ${account.balance + 1} where id = ${id}`;
          await tx`select pg_notify('accounts', ${`/account/${id}/changed`})`;
        }),
      close: () => sql.end(),
    };
  },
} satisfies Variant;
