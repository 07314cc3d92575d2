import justscale from '@justscale/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';

/** Folders whose files use a database's client because that is what they are for. */
const ADAPTERS = [
  'runtime/src/postgres/**',
  'runtime/src/redis/**',
  'runtime/src/kysely/**',
  'runtime/src/drizzle/**',
  'eslint-plugin/src/replay/**',
  'fixtures/infrastructure/postgres/**',
  'fixtures/infrastructure/naive-adapter/**',
  'fixtures/examples/chat-app/adapter/**',
  'fixtures/tools/matrix/**',
  'fixtures/tools/schemas/**',
  'e2e/torture/**',
  'e2e/demo/conductor/observer.ts',
  'runtime/benchmarks/**',
];

/** Tests misuse locks on purpose, to see that they are refused. */
const TESTS = [
  '**/*.test.ts',
  '**/tests/**/*.ts',
  'eslint-plugin/tests/replay/**',
  '**/*.scenario.ts',
  '**/*.config.ts',
];

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
    // Written by hand for `require`; the tests of the packages hold them.
    '**/*.d.cts',
    // Code that is wrong on purpose: its own tests say what is to be reported in it.
    'fixtures/forgeries/',
    'fixtures/races/',
    'type-tests/test-d/',
    'type-tests/refusals/',
    'type-tests/isolated-declarations/',
    'type-tests/programs/',
    'type-tests/cost/',
    'eslint-plugin/tests/support/typed-project/',
    'eslint-plugin/tests/kinds/',
    'eslint-plugin/tests/modules/',
    'eslint-plugin/tests/assumptions/',
    'eslint-plugin/tests/correct-programs/',
  ]),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A number in a text reads as a number; what may be absent is still reported.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => done()` as a callback says nothing about a value.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      // `async () => void (await lock())` is how an arrow function waits and gives nothing.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // A key that no type declares is read with brackets: it may be absent.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // A function of a contract that gives promises is async, so that what it throws is a rejection.
      '@typescript-eslint/require-await': 'off',
      // A contract may ask for a function that has nothing to do.
      '@typescript-eslint/no-empty-function': 'off',
      // TypeScript keeps what it narrowed across an `await`, declares its own `parent` and `symbol` to be always there, and
      // options come from JavaScript: of 89 reports none was a mistake.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // It asks for the `!` that no-non-null-assertion refuses.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // It takes `new Account(…)` for no instance, since a model is a constructor without a class declaration.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // The declarations of the runtime name every type: isolatedDeclarations.
      '@typescript-eslint/no-inferrable-types': 'off',
      // `{ readonly [K in Keys]?: Value }` reads better than Readonly<Partial<Record<Keys, Value>>>.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // A contract is an object of closures, its functions declared as methods; a class's method needs its #fields, and throws without.
      '@typescript-eslint/unbound-method': 'off',
      // What was caught is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // An empty class gives a name to a prototype; a class of static members is still reported.
      '@typescript-eslint/no-extraneous-class': [
        'error',
        { allowEmpty: true, allowConstructorOnly: true },
      ],
    },
  },
  {
    files: ['eslint-plugin/src/**/*.ts', 'eslint-plugin/tests/**/*.ts'],
    extends: [eslintPlugin.configs.recommended],
    rules: {
      // A rule without options says `[]`: all rules have one shape.
      'eslint-plugin/require-meta-default-options': 'off',
      // It does not see data that a helper puts together.
      'eslint-plugin/no-missing-placeholders': 'off',
    },
  },
  justscale.configs.recommended,
  { files: ADAPTERS, rules: switchedOff(['no-raw-client', 'no-raw-client-import']) },
  {
    files: [
      'runtime/src/testing/**',
      // Each variant does what its library's own pages show.
      'runtime/benchmarks/**',
      'e2e/torture/**',
      'fixtures/tools/forgery-catalogue/**',
    ],
    rules: switchedOff(Object.keys(justscale.rules)),
  },
  // The demo shows what these rules are for.
  { files: ['e2e/demo/process/**'], rules: switchedOff(Object.keys(justscale.rules)) },
  { files: TESTS, rules: switchedOff(Object.keys(justscale.rules)) },
  {
    // The conformance suite is made of tests, too.
    files: [...TESTS, 'runtime/src/testing/**'],
    rules: {
      // A row that is missing fails the test where it is used.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Vitest's matchers are of type any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // What a copy of an entity holds is what is asserted.
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
);
