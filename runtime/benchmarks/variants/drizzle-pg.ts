import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { asked, incrementWith } from './drizzle.js';
import type { Variant } from '../variant.js';

export default {
  title: 'Drizzle (pg)',
  packages: ['drizzle-orm', 'pg'],
  asked,
  async open({ url, connections }) {
    const client = new pg.Pool({ connectionString: url, max: connections });
    return { increment: incrementWith(drizzle({ client })), close: () => client.end() };
  },
} satisfies Variant;
