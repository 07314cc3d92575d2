import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, it } from 'vitest';
import plugin from '@justscale/eslint-plugin';

/** What no-forged-lock says of all the files of a program. */
async function reportsIn(name: string): Promise<(string | undefined)[]> {
  const folder = join(import.meta.dirname, 'assumptions', name);
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        ...plugin.configs.recommended,
        plugins: { '@justscale': plugin as never },
        rules: { '@justscale/no-forged-lock': 'error' },
      } as never,
      { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: folder } } },
    ],
  });
  const results = await eslint.lintFiles(['*.ts']);
  return results.flatMap(({ messages }) =>
    messages.map(({ messageId, message }) => messageId ?? message),
  );
}

it('a program without `strict` is told so once', async () => {
  expect(await reportsIn('loose')).toEqual(['loose']);
}, 120_000);

it('a program in which another file stands in for the runtime is told so once', async () => {
  expect(await reportsIn('shimmed')).toEqual(['shimmed']);
}, 120_000);
