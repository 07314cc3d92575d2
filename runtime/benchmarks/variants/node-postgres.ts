import pg from 'pg';
import { theOnly, type AccountRow, type Variant } from '../variant.js';

export default {
  title: 'node-postgres (by hand)',
  packages: ['pg'],
  asked:
    'a client of the pool: `BEGIN`, `SELECT … FOR UPDATE`, `UPDATE`, `COMMIT`, each awaited, as its page on transactions shows',
  async open({ url, connections }) {
    const pool = new pg.Pool({ connectionString: url, max: connections });
    return {
      async increment(id: string) {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          const { rows } = await client.query<AccountRow>(
            'select balance from account where id = $1 for update',
            [id],
          );
          await client.query('update account set balance = $1 where id = $2', [
            theOnly(rows).balance + 1,
            id,
          ]);
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        } finally {
          client.release();
        }
      },
      close: () => pool.end(),
    };
  },
} satisfies Variant;
