import justscale from '@justscale/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Refuses imports of some paths in some folders. */
function forbidImports(files, group, message) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
  };
}

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/coverage/',
    '**/template/',
    '.ci/',
    // Code that is wrong on purpose: its own tests say what is to be reported in it.
    'fixtures/forgeries/',
    'fixtures/races/',
    'type-tests/test-d/',
    'eslint-plugin/tests/support/typed-project/',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
  },
  {
    files: ['**/*.ts'],
    rules: {
      // An async function without await turns what it throws into a rejection, as its type promises.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  justscale.configs.recommended,
  {
    // Tests misuse locks on purpose, to see that they are refused.
    files: ['**/*.test.ts', '**/tests/**', 'runtime/src/testing/**', 'e2e/torture/**', 'fixtures/forgery-catalogue/**'],
    rules: Object.fromEntries(Object.keys(justscale.rules).map((rule) => [`@justscale/${rule}`, 'off'])),
  },
  // Imports run one way; see docs/architecture.md.
  forbidImports(
    ['runtime/src/{errors,model,repository,store,signals,wire,adapter}/**/*.ts'],
    ['**/memory/**', '**/postgres/**', '**/testing/**', 'postgres'],
    'The core knows no adapter and no driver.',
  ),
  forbidImports(['runtime/src/memory/**/*.ts'], ['**/postgres/**', 'postgres'], 'Adapters do not know each other.'),
  forbidImports(['runtime/src/postgres/**/*.ts'], ['**/memory/**'], 'Adapters do not know each other.'),
  forbidImports(['eslint-plugin/src/**/*.ts'], ['@justscale/runtime*'], 'The plugin recognises the runtime by its types.'),
  forbidImports(
    ['runtime/tests/**/*.ts', 'fixtures/**/*.ts', 'e2e/**/*.ts'],
    ['**/runtime/src/**', '**/runtime/dist/**', '../src/**', '../../src/**'],
    'Use packages by their names, as users do.',
  ),
);
