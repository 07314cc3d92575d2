import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { asked, incrementWith } from './drizzle.js';

/** @type {import('../variant.js').Variant} */
export default {
  title: 'Drizzle (pg)',
  packages: ['drizzle-orm', 'pg'],
  asked,
  async open({ url, connections }) {
    const client = new pg.Pool({ connectionString: url, max: connections });
    return { increment: incrementWith(drizzle({ client })), close: () => client.end() };
  },
};
