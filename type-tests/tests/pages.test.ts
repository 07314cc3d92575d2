import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compilers, type CompilerRun } from '@justscale/type-tests/compilers';
import ts from 'typescript6';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const directory = join(repository, 'type-tests/.tmp/pages');

const [firstLock = '', refused = ''] = await blocksOf('README.md');
const [oneWrite = ''] = await blocksOf('docs/architecture.md');
const [runtimePage = ''] = await blocksOf('runtime/README.md');

const files = {
  'first-lock.ts': firstLock,
  'refused.ts': firstLock + refused,
  'architecture.ts': firstLock + oneWrite,
  'runtime.ts': runtimePage,
};

beforeAll(async () => {
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ extends: '../../test-d/tsconfig.json', include: ['*.ts'] }),
  );
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe.each([...compilers])('the pages on TypeScript $name', ({ check }) => {
  let run: CompilerRun;

  beforeAll(async () => {
    run = await check(join(directory, 'tsconfig.json'));
  });

  test('compile, except for the lines that name a diagnostic, which is the one they get', () => {
    const found = run.diagnostics.map(({ file, line, code }) => `${file}:${line} ${code}`);

    const promised = files['refused.ts'].split('\n').flatMap((text, index) => {
      const code = /\/\/ (TS\d+)/.exec(text)?.[1];
      return code ? [`${join(directory, 'refused.ts')}:${index + 1} ${code}`] : [];
    });
    expect(promised).toHaveLength(2);
    expect(found).toEqual(promised);
  });
});

test('the first lock of the README runs, and its forgery is refused as the page says', async () => {
  const { outputText } = ts.transpileModule(
    `${firstLock}
const seen = await accounts.get(Account.ref(id));
const refusal = await accounts
  .update(seen as unknown as Locked<Account>, { balance: 0 })
  .catch((error: unknown) => (error as Error).name);
const { balance } = await accounts.get(Account.ref(id));
console.log(JSON.stringify({ balance, refusal }));
await store.close();
`,
    { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } },
  );
  await writeFile(join(directory, 'first-lock.mjs'), outputText);

  const { stdout } = await promisify(execFile)(process.execPath, [
    join(directory, 'first-lock.mjs'),
  ]);

  expect(JSON.parse(stdout)).toEqual({ balance: 90, refusal: 'LockNotHeldError' });
});

/** The TypeScript of a page, in order. */
async function blocksOf(page: string): Promise<string[]> {
  const text = await readFile(join(repository, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}
