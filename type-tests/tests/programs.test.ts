import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import { compilers } from '@justscale/type-tests/compilers';
import { test } from 'vitest';
import { compileProgramsOn } from './compile-programs-on.js';

const directory = fileURLToPath(new URL('../programs', import.meta.url));
const programs = (await readdir(directory)).filter((name) => name.endsWith('.ts')).sort();

// The newest is many times faster; the others are the matter of programs.long.test.ts.
compileProgramsOn(compilers.slice(-1));

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
