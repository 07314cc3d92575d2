import postgres from 'postgres';
import type { Variant } from '../variant.js';

export default {
  title: 'one `UPDATE` statement (no lock, no decision)',
  packages: ['postgres'],
  asked: '`update … set balance = balance + 1`: the floor, which decides nothing',
  async open({ url, connections }) {
    const sql = postgres(url, { max: connections });
    return {
      increment: (id: string) => sql`update account set balance = balance + 1 where id = ${id}`,
      close: () => sql.end(),
    };
  },
} satisfies Variant;
