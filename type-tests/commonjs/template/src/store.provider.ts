import { memoryStore } from '@justscale/runtime/memory';
import { postgresStore } from '@justscale/runtime/postgres';

export const STORE = Symbol('the store');

export const storeProvider = {
  provide: STORE,
  useFactory: () => {
    const url = process.env.DATABASE_URL;
    return url === undefined ? memoryStore() : postgresStore(url);
  },
};
