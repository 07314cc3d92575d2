import { fileURLToPath } from 'node:url';
import { RuleTester } from '@typescript-eslint/rule-tester';
import * as espree from 'espree';
import { afterAll, describe, it } from 'vitest';

RuleTester.afterAll = afterAll;
RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

/** The folder whose `tsconfig.json` typed rule tests run in; `@justscale/runtime` resolves from it. */
export const typedProjectFolder = fileURLToPath(new URL('./typed-project/', import.meta.url));

/** First tier: JavaScript, ESLint's own parser. */
export const javascriptTester = new RuleTester({
  languageOptions: { parser: espree, ecmaVersion: 'latest', sourceType: 'module' },
  defaultFilenames: { ts: 'file.js', tsx: 'file.jsx' },
});

/** Second tier: TypeScript, no type information. */
export const typescriptTester = new RuleTester();

/** Third tier: TypeScript with types; code may import `@justscale/runtime` and whatever the workspace has. */
export const typedTester = new RuleTester({
  languageOptions: {
    parserOptions: {
      project: './tsconfig.json',
      tsconfigRootDir: typedProjectFolder,
      disallowAutomaticSingleRunInference: true,
    },
  },
});
