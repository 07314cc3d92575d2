import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { asked, incrementWith } from './drizzle.js';
import type { Variant } from '../variant.js';

export default {
  title: 'Drizzle (postgres.js)',
  packages: ['drizzle-orm', 'postgres'],
  asked,
  async open({ url, connections }) {
    const client = postgres(url, { max: connections });
    return { increment: incrementWith(drizzle({ client })), close: () => client.end() };
  },
} satisfies Variant;
