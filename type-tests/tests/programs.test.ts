import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { compilers } from '@justscale/type-tests/compilers';
import { expect, test } from 'vitest';

const directory = fileURLToPath(new URL('../programs', import.meta.url));
const programs = (await readdir(directory)).filter((name) => name.endsWith('.ts')).sort();

test.each([...compilers])(
  'TypeScript $name accepts all of them, and writes their declarations',
  { timeout: 300_000 },
  async ({ check }) => {
    const { diagnostics } = await check(join(directory, 'tsconfig.json'));

    expect(
      diagnostics.map(
        ({ file, line, message }) => `${file.slice(directory.length)}:${line} ${message}`,
      ),
    ).toEqual([]);
  },
);

test.each([...compilers])(
  'TypeScript $name accepts models with isolatedDeclarations',
  { timeout: 120_000 },
  async ({ check }) => {
    const config = fileURLToPath(
      new URL('../isolated-declarations/tsconfig.json', import.meta.url),
    );
    expect((await check(config)).diagnostics).toEqual([]);
  },
);

/** Those that can be run with a store alone; the others are there for the compiler. */
const RUN_HERE = [
  'base-model',
  'brands',
  'defaults',
  'effect-schema',
  'generic-find',
  'generic-write',
  'json',
  'own-members',
  'shared-fields',
  'transforms',
  'union',
  'valibot-defaults',
];

test.each(
  programs.map((name) => name.replace(/\.ts$/, '')).filter((name) => RUN_HERE.includes(name)),
)('%s runs', async (name) => {
  const program = (await import(join(directory, `${name}.ts`))) as Readonly<
    Record<string, unknown>
  >;
  const run = program['run'] ?? program['use'] ?? program['save'];
  const store = memoryStore();
  try {
    await (run as ((store: Store) => unknown) | undefined)?.(store);
  } finally {
    await store.close();
  }
});
