import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// CommonJS: Node and vitest differ in what an import of it is.
const { default: tsd } = createRequire(import.meta.url)('tsd') as typeof import('tsd');

test(
  'the built declarations accept every positive and refuse every negative',
  { timeout: 300_000 },
  async () => {
    const diagnostics = await tsd({
      cwd: fileURLToPath(new URL('../test-d', import.meta.url)),
      typingsFile: 'domain.ts',
      testFiles: ['*.test-d.ts'],
    });

    expect(
      diagnostics.map(({ fileName, line, message }) => `${fileName}:${line} ${message}`),
    ).toEqual([]);
  },
);
