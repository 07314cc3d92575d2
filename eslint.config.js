import justscale from '@justscale/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';

/** Folders whose files use a database's client because that is what they are for. */
const ADAPTERS = [
  'runtime/src/postgres/**',
  'runtime/src/kysely/**',
  'runtime/src/drizzle/**',
  'fixtures/infrastructure/postgres/**',
  'fixtures/infrastructure/naive-adapter/**',
  'fixtures/examples/chat-app/adapter/**',
  'fixtures/tools/schemas/**',
  'e2e/torture/**',
];

/** Tests misuse locks on purpose, to see that they are refused; they are in no TypeScript project. */
const TESTS = ['**/*.test.ts', '**/tests/**/*.ts', '**/*.scenario.ts', '**/*.config.ts'];

function switchedOff(rules) {
  return Object.fromEntries(rules.map((rule) => [`@justscale/${rule}`, 'off']));
}

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/.tmp/',
    '**/coverage/',
    '**/template/',
    '.ci/',
    // Code that is wrong on purpose: its own tests say what is to be reported in it.
    'fixtures/forgeries/',
    'fixtures/races/',
    'type-tests/test-d/',
    'type-tests/refusals/',
    'type-tests/cost/',
    'eslint-plugin/tests/support/typed-project/',
    'eslint-plugin/tests/assumptions/',
    'eslint-plugin/tests/correct-programs/',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['eslint-plugin/src/**/*.ts', 'eslint-plugin/tests/rules/*.ts'],
    extends: [eslintPlugin.configs.recommended],
    rules: {
      // A rule without options says `[]`: all rules have one shape.
      'eslint-plugin/require-meta-default-options': 'off',
      // It does not see data that a helper puts together.
      'eslint-plugin/no-missing-placeholders': 'off',
    },
  },
  justscale.configs.recommended,
  { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: true } } },
  { files: ADAPTERS, rules: switchedOff(['no-raw-client', 'no-raw-client-import']) },
  {
    files: ['runtime/src/testing/**', 'e2e/torture/**', 'fixtures/tools/forgery-catalogue/**'],
    rules: switchedOff(Object.keys(justscale.rules)),
  },
  {
    files: TESTS,
    languageOptions: { parserOptions: { projectService: false } },
    rules: switchedOff(Object.keys(justscale.rules)),
  },
);
