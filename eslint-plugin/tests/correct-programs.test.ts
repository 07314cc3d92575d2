import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import plugin from '@justscale/eslint-plugin';
import { ESLint } from 'eslint';
import { beforeAll, expect, it } from 'vitest';

const folder = join(import.meta.dirname, 'correct-programs');
/** The rules about what a lock is and where it goes; those about the order of events have pairs of their own. */
const RULES = [
  'no-copied-lock',
  'no-entity-cache',
  'no-escaped-lock',
  'no-forged-lock',
  'no-lock-across-boundary',
];
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: [
    {
      ...plugin.configs.recommended,
      rules: Object.fromEntries(RULES.map((name) => [`@justscale/${name}`, 'error'])),
    } as never,
    { plugins: { '@justscale': plugin } },
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
