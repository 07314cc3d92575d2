import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { readDocBlocks, type DocBlock } from './support/doc-blocks.js';
import { typedProjectFolder } from './support/rule-tester.js';

const docsFolder = resolve(import.meta.dirname, '../docs/rules');
const linter = new Linter({ cwd: typedProjectFolder });

function lint(name: string, block: DocBlock): Linter.LintMessage[] {
  const { languageOptions, files } = justscale.configs.recommended;
  const typed =
    justscale.rules[name as keyof typeof justscale.rules].meta.docs?.requiresTypeChecking;
  return linter.verify(
    block.code,
    [
      {
        files,
        plugins: { '@justscale': justscale as never },
        languageOptions: {
          parser: languageOptions.parser as never,
          parserOptions: typed
            ? {
                project: './tsconfig.json',
                tsconfigRootDir: typedProjectFolder,
                disallowAutomaticSingleRunInference: true,
              }
            : {},
        },
        rules: { [`@justscale/${name}`]: 'error' },
      },
    ],
    { filename: join(typedProjectFolder, block.filename ?? 'file.ts') },
  );
}

describe.each(Object.keys(justscale.rules))('docs/rules/%s.md', (name) => {
  const path = join(docsFolder, `${name}.md`);
  const blocks = readDocBlocks(path);

  it('shows what is reported and what is not', () => {
    expect(blocks.some(({ isClean }) => isClean)).toBe(true);
    expect(blocks.some(({ isClean }) => !isClean)).toBe(true);
  });

  it.each(blocks)('is true at line $line', (block) => {
    const messages = lint(name, block);
    if (block.isClean) expect(messages).toEqual([]);
    else expect([...new Set(messages.map(({ ruleId }) => ruleId))]).toEqual([`@justscale/${name}`]);
  });

  it('names every option', () => {
    const text = readFileSync(path, 'utf8');
    const [schema] = justscale.rules[name as keyof typeof justscale.rules].meta.schema as readonly {
      properties?: object;
    }[];
    const unnamed = Object.keys(schema?.properties ?? {}).filter(
      (option) => !text.includes(`\`${option}\``),
    );
    // no-raw-client refers to the page of its sibling.
    expect(name === 'no-raw-client' ? [] : unnamed).toEqual([]);
  });
});
