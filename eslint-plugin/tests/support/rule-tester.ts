import { fileURLToPath } from 'node:url';
import justscale from '@justscale/eslint-plugin';
import { RuleTester } from '@typescript-eslint/rule-tester';
import * as espree from 'espree';
import { afterAll, describe, it } from 'vitest';
import { requireCompiling, type TestedRule } from './require-compiling.js';

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
class TypedTester extends RuleTester {
  constructor() {
    super({
      languageOptions: {
        parserOptions: {
          project: './tsconfig.json',
          tsconfigRootDir: typedProjectFolder,
          disallowAutomaticSingleRunInference: true,
        },
      },
    });
  }

  /** What does not compile fails, whatever the rule says of it. */
  override run(...[name, rule, cases]: Parameters<RuleTester['run']>): void {
    super.run(name, requireCompiling(rule), cases);
  }
}

export const typedTester = new TypedTester();

/** A rule of the plugin, as a user gets it. */
export function getRule(name: keyof typeof justscale.rules): TestedRule {
  return justscale.rules[name] as unknown as TestedRule;
}
