/**
 * Tests with commands of their own: the long forms of suites (`npm run test:long`), with programs that npm does not install (`npm run test:redis`, `npm run test:pgbouncer`,
 * `npm run test:browser`), and of the packed packages in projects that install them (`npm run test:packages`), which takes minutes.
 */
import { defineConfig } from 'vitest/config';

const FRESH_BUILD = 'fixtures/infrastructure/fresh-build/vitest-global-setup.ts';
const POSTGRES = 'fixtures/infrastructure/postgres/vitest-global-setup.ts';
const REDIS = 'fixtures/infrastructure/redis/vitest-global-setup.ts';

const PACKAGES = [
  'type-tests/tests/{commonjs,packed-packages,template}.test.ts',
  'eslint-plugin/tests/{installed,set-up}.test.ts',
];

/** Beside a short form of the same suite. */
const LONG = ['{runtime,eslint-plugin,type-tests,fixtures,e2e}/**/*.long.test.ts'];

const BROWSER = ['e2e/tests/browser/*.test.ts'];

/** What `npm test` leaves out. */
export const APART = ['runtime/tests/servers/**', ...PACKAGES, ...LONG, ...BROWSER];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'packages', include: PACKAGES, globalSetup: [FRESH_BUILD, POSTGRES] },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: LONG,
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: [FRESH_BUILD, POSTGRES],
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: BROWSER, globalSetup: [FRESH_BUILD, POSTGRES] },
      },
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
