import { fileURLToPath } from 'node:url';
import tsd from 'tsd';
import { expect, test } from 'vitest';

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
