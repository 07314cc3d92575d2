import { relative } from 'node:path';
import type { Check } from '../check.js';

export const cleanCode: Check = {
  ring: 'lint',
  claim: 'correct code is left alone: the chat app',
  async run({ root }) {
    // Loaded when it is needed: both take a second.
    const { ESLint } = await import('eslint');
    const { default: justscale } = await import('@justscale/eslint-plugin');
    const eslint = new ESLint({
      cwd: root,
      overrideConfigFile: true,
      // Tests are no part of the app, nor of its TypeScript project.
      ignorePatterns: ['**/tests/**'],
      overrideConfig: [
        justscale.configs.recommended,
        { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } } },
      ],
    });
    const results = await eslint.lintFiles(['fixtures/examples/chat-app/**/*.ts']);
    return {
      count: results.length,
      unit: 'files',
      failures: results.flatMap(({ filePath, messages }) =>
        messages.map(
          ({ line, message, ruleId }) =>
            `${relative(root, filePath)}:${line} ${message} (${String(ruleId)})`,
        ),
      ),
    };
  },
};
