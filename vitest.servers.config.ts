/** Tests with servers that npm does not install: `npm run test:redis`, `npm run test:pgbouncer`. */
import { defineConfig } from 'vitest/config';

const FRESH_BUILD = 'fixtures/infrastructure/fresh-build/vitest-global-setup.ts';
const POSTGRES = 'fixtures/infrastructure/postgres/vitest-global-setup.ts';
const REDIS = 'fixtures/infrastructure/redis/vitest-global-setup.ts';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'redis',
          include: ['runtime/tests/servers/redis/*.test.ts'],
          globalSetup: [FRESH_BUILD, POSTGRES, REDIS],
        },
      },
      {
        extends: true,
        test: {
          name: 'pgbouncer',
          include: ['runtime/tests/servers/pgbouncer/*.test.ts'],
          globalSetup: [FRESH_BUILD, POSTGRES],
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
