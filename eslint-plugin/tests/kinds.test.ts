import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import plugin from '@justscale/eslint-plugin';

/**
 * Programs of one kind each. What is called `bad_…` has to be reported, what is called `ok_…` must not be: it is how
 * people repair the others, or what they write instead. A line `// of NAME` begins what belongs to it.
 */
const folder = fileURLToPath(new URL('./kinds/', import.meta.url));
const sources = readdirSync(folder).map((name) => join(folder, name));
const files = sources.filter((name) => !name.endsWith('.d.ts'));
const program = ts.createProgram(sources, {
  strict: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  skipLibCheck: true,
});
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: {
    files: ['**/*.ts'],
    plugins: { '@justscale': plugin },
    languageOptions: { parser, parserOptions: { programs: [program] } },
    rules: Object.fromEntries(
      Object.keys(plugin.rules).map((name) => [`@justscale/${name}`, 'error']),
    ),
  } as NonNullable<ConstructorParameters<typeof ESLint>[0]>['overrideConfig'] & object,
});

/** The names of the programs of a file, each with what is reported in it. */
async function lint(file: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const starts = lines.flatMap((line, index) => {
    const name = /(?:function|const|\/\/ of) ((?:bad|ok)_\w+)/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, line: index + 1 }];
  });
  const found = new Map<string, string[]>(starts.map(({ name }) => [name, []]));
  for (const { messages } of await eslint.lintFiles([file])) {
    for (const { line, ruleId, messageId, message } of messages) {
      const name = starts.findLast((start) => start.line <= line)?.name ?? '';
      found.get(name)?.push(`${String(line)} ${String(ruleId)} ${messageId ?? message}`);
    }
  }
  return found;
}

describe.each(files.map((file) => [file.slice(folder.length, -3), file]))('%s', (_, file) => {
  test('reports what is bad, and nothing else', async () => {
    const found = await lint(file);
    const missed = [...found].filter(([name, reports]) => name.startsWith('bad_') && !reports[0]);
    const falseAlarms = [...found].filter(
      ([name, reports]) => name.startsWith('ok_') && reports[0],
    );
    expect({ missed, falseAlarms }).toEqual({ missed: [], falseAlarms: [] });
  });
});
