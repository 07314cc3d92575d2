/** A worker: lints the chat app with the rules that the plugin recommends. */
import { relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import justscale from '@justscale/eslint-plugin';
import { ESLint } from 'eslint';

/** What the worker tells. */
export interface LintedCode {
  readonly count: number;
  readonly failures: readonly string[];
}

const root = String(workerData);
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
const answer: LintedCode = {
  count: results.length,
  failures: results.flatMap(({ filePath, messages }) =>
    messages.map(
      ({ line, message, ruleId }) =>
        `${relative(root, filePath)}:${line} ${message} (${String(ruleId)})`,
    ),
  ),
};
parentPort?.postMessage(answer);
