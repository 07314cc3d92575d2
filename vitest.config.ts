import { defineConfig } from 'vitest/config';
import { APART } from './vitest.apart.config.js';

const TESTS = '{runtime,eslint-plugin,type-tests,fixtures,e2e}/**/*.test.ts';
const RULE_TESTS = 'eslint-plugin/tests/rules/*.test.ts';
// Those of vitest.apart.config.ts need servers that npm does not install, or install packages themselves.
const NO_TESTS = [...APART, '**/node_modules/**', '**/dist/**', '**/template/**', '**/.tmp/**'];
const FRESH_BUILD = 'fixtures/infrastructure/fresh-build/vitest-global-setup.ts';
const POSTGRES = 'fixtures/infrastructure/postgres/vitest-global-setup.ts';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'rules',
          include: [RULE_TESTS],
          // A compiler and the types of the language are loaded once, not once for each rule: they are the most of the cost.
          isolate: false,
          globalSetup: [FRESH_BUILD],
        },
      },
      {
        extends: true,
        test: {
          name: 'all else',
          include: [TESTS],
          exclude: [...NO_TESTS, RULE_TESTS],
          globalSetup: [FRESH_BUILD, POSTGRES],
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers only take turns, and what they measure gets worse.
    maxWorkers: 2,
  },
});
