import postgres from 'postgres';

/** @type {import('../variant.js').Variant} */
export default {
  title: 'one `UPDATE` statement (no lock, no decision)',
  packages: ['postgres'],
  asked: '`update … set balance = balance + 1`: the floor, which decides nothing',
  async open({ url, connections }) {
    const sql = postgres(url, { max: connections });
    return {
      increment: (id) => sql`update account set balance = balance + 1 where id = ${id}`,
      close: () => sql.end(),
    };
  },
};
