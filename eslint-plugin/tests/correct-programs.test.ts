import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import plugin from '@justscale/eslint-plugin';
import { ESLint } from 'eslint';
import { beforeAll, expect, it } from 'vitest';

const folder = join(import.meta.dirname, 'correct-programs');
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: [
    plugin.configs.recommended,
    { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: folder } } },
  ],
});

const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
let results: ESLint.LintResult[];

beforeAll(async () => {
  results = await eslint.lintFiles(files.map((name) => join(folder, name)));
}, 240_000);

it.each(files)('nothing is reported in %s', (name) => {
  const result = results.find(({ filePath }) => basename(filePath) === name);
  expect(
    result?.messages.map(({ line, ruleId, message }) => `${line} ${ruleId} ${message}`),
  ).toEqual([]);
});
