import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Compiler } from '@justscale/type-tests/compilers';
import { expect, test } from 'vitest';

const directory = fileURLToPath(new URL('../programs', import.meta.url));

/** Every correct program compiles, and so do its declarations. */
export function compileProgramsOn(on: readonly Compiler[]): void {
  test.each([...on])(
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

  test.each([...on])(
    'TypeScript $name accepts models with isolatedDeclarations',
    { timeout: 120_000 },
    async ({ check }) => {
      const config = fileURLToPath(
        new URL('../isolated-declarations/tsconfig.json', import.meta.url),
      );
      expect((await check(config)).diagnostics).toEqual([]);
    },
  );
}
