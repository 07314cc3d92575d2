import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import justscale from '@justscale/eslint-plugin';
import { RuleTester } from '@typescript-eslint/rule-tester';
import * as espree from 'espree';
import { afterAll, describe, it } from 'vitest';
import { requireCompiling, type TestedRule } from './require-compiling.js';
import { canShare, sharedProgramParser } from './shared-program.js';

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

type Run = Parameters<RuleTester['run']>;

const typedProject = {
  project: './tsconfig.json',
  tsconfigRootDir: typedProjectFolder,
  disallowAutomaticSingleRunInference: true,
};

/** Third tier: TypeScript with types; code may import `@justscale/runtime` and whatever the workspace has. */
export const typedTester = {
  /** What does not compile fails, whatever the rule says of it. The cases are files of one program where they can be. */
  run(...[name, rule, { valid, invalid }]: Run): void {
    const texts = new Map<string, string>();
    const placed = <Case extends { readonly code: string; readonly filename?: string }>(
      testCase: Case,
    ): Case => {
      if (testCase.filename !== undefined || !canShare(testCase.code)) return testCase;
      const filename = `case-${String(texts.size)}.ts`;
      texts.set(join(typedProjectFolder, filename), testCase.code);
      return { ...testCase, filename };
    };
    const cases = {
      valid: valid.map((it) => placed(typeof it === 'string' ? { code: it } : it)),
      invalid: invalid.map(placed),
    };
    const parser = sharedProgramParser(join(typedProjectFolder, 'tsconfig.json'), texts);
    const tester = new RuleTester({ languageOptions: { parser, parserOptions: typedProject } });
    tester.run(name, requireCompiling(rule), cases);
  },
};

/** The third tier for what looks at all files of a program, or at its own by name: each case has a program to itself. */
export const wholeProgramTester = {
  run(...[name, rule, cases]: Run): void {
    const tester = new RuleTester({ languageOptions: { parserOptions: typedProject } });
    tester.run(name, requireCompiling(rule), cases);
  },
};

/** A rule of the plugin, as a user gets it. */
export function getRule(name: keyof typeof justscale.rules): TestedRule {
  return justscale.rules[name] as unknown as TestedRule;
}
