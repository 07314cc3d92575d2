import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{runtime,eslint-plugin,type-tests,fixtures,e2e}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/template/**', '**/.tmp/**'],
    globalSetup: ['fixtures/postgres/vitest-global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers only take turns, and what they measure gets worse.
    maxWorkers: 2,
  },
});
