import postgres from 'postgres';

/** @type {import('../variant.js').Variant} */
export default {
  title: 'hand-written `sql.begin`',
  packages: ['postgres'],
  asked:
    '`sql.begin` with `SELECT … FOR UPDATE` and `UPDATE`, as the README of postgres.js shows transactions',
  async open({ url, connections }) {
    const sql = postgres(url, { max: connections });
    return {
      increment: (id) =>
        sql.begin(async (tx) => {
          const [account] = await tx`select balance from account where id = ${id} for update`;
          await tx`update account set balance = ${account.balance + 1} where id = ${id}`;
        }),
      close: () => sql.end(),
    };
  },
};
