import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilers, type CompilerRun } from '@justscale/type-tests/compilers';
import { beforeAll, describe, expect, test } from 'vitest';

const directory = fileURLToPath(new URL('../refusals', import.meta.url));
const mistakes = (await readdir(join(directory, 'mistakes'))).sort();

describe.each([...compilers])('TypeScript $name', ({ name, check }) => {
  let run: CompilerRun;

  beforeAll(async () => {
    run = await check(join(directory, 'tsconfig.json'));
  }, 120_000);

  test.each(mistakes)('%s is refused', (mistake) => {
    const diagnostics = diagnosticsOf(mistake);

    expect(diagnostics).not.toEqual([]);
  });

  test('what an editor shows', async () => {
    const lines: string[] = [];
    for (const mistake of mistakes) {
      const source = await readFile(join(directory, 'mistakes', mistake), 'utf8');
      const title = source.slice('// '.length, source.indexOf('\n'));
      const [first] = diagnosticsOf(mistake);
      const message = first?.message.split('\n').map((line) => `  ${line}`) ?? [];
      lines.push(title, `  ${first?.code}:${message.join('\n').slice(1)}`, '');
    }

    await expect(lines.join('\n')).toMatchFileSnapshot(`../refusals/typescript-${name}.txt`);
  });

  function diagnosticsOf(mistake: string): CompilerRun['diagnostics'] {
    return run.diagnostics.filter(({ file }) => file === join(directory, 'mistakes', mistake));
  }
});
