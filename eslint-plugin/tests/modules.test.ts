import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import { expect, it } from 'vitest';
import plugin from '@justscale/eslint-plugin';

/** A project of several files: what one of them makes, another one declares. It is parsed without types. */
const folder = join(import.meta.dirname, 'modules');
const eslint = new ESLint({
  cwd: folder,
  overrideConfigFile: true,
  overrideConfig: {
    files: ['**/*.ts'],
    plugins: { '@justscale': plugin },
    languageOptions: { parser },
    rules: { '@justscale/no-module-state': 'error' },
  } as never,
});

/** What is reported in a file, by the line `// of NAME` above it. */
async function lint(file: string): Promise<ReadonlyMap<string, string>> {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const [result] = await eslint.lintFiles([join(folder, file)]);
  return new Map(
    result?.messages.map(({ line, message }) => {
      const name = lines.slice(0, line).findLast((text) => text.startsWith('// of '));
      return [name?.slice('// of '.length) ?? '', message];
    }),
  );
}

it('finds what classes and factories of other files keep', async () => {
  const found = await lint('main.ts');
  expect([...found.keys()].sort()).toEqual(
    ['', ...'abcdfghijk'].map((letter) => (letter === '' ? '' : `bad_${letter}`)),
  );
  expect(found.get('')).toMatch(/^`rooms` is one per process and is written at run time in `fill`/);
  expect(found.get('bad_a')).toMatch(/^`a` .* its field `entries` .* in `set` \(ttl\.ts:\d+\)/);
});

it('finds it behind the fields of the one instance of a class', async () => {
  const found = await lint('lib/services.ts');
  expect(found.get('bad_injected')).toMatch(/^`Sessions\.cache` is one per process/);
});

it('reports nothing where nothing is made', async () => {
  for (const file of ['lib/ttl.ts', 'lib/factory.ts', 'lib/index.ts', 'lib/cached.ts']) {
    expect([...(await lint(file))]).toEqual([]);
  }
});
