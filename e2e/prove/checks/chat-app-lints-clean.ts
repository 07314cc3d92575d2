import { join } from 'node:path';
import type { Check } from '../check.js';
import { REPOSITORY } from '../repository.js';

export default {
  ring: 'lint',
  title: 'the chat app passes `recommended`',
  async run() {
    const [{ default: justscale }, { ESLint }, { defineConfig }] = await Promise.all([
      import('@justscale/eslint-plugin'),
      import('eslint'),
      import('eslint/config'),
    ]);
    const folder = join(REPOSITORY, 'fixtures', 'chat-app');
    const eslint = new ESLint({
      cwd: join(REPOSITORY, 'fixtures'),
      overrideConfigFile: true,
      overrideConfig: defineConfig(justscale.configs.recommended, {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: REPOSITORY } },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
      }),
      ignorePatterns: ['**/tests/**'],
    });
    const results = await eslint.lintFiles([`${folder}/**/*.ts`]);
    return {
      count: results.length,
      unit: 'files',
      details: [`${Object.keys(justscale.rules).length} rules, no report`],
      failures: results.flatMap(({ filePath, messages }) =>
        messages.map(
          ({ line, ruleId, message }) => `${filePath}:${line} ${ruleId ?? ''} ${message}`,
        ),
      ),
    };
  },
} satisfies Check;
