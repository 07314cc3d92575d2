import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { readDocBlocks, type DocBlock } from './support/doc-blocks.js';
import { typedProjectFolder } from './support/rule-tester.js';

const docsFolder = resolve(import.meta.dirname, '../docs/rules');
const linter = new Linter({ cwd: typedProjectFolder });

type RuleName = keyof typeof justscale.rules;

const ruleNames = Object.keys(justscale.rules) as RuleName[];

function lint(name: RuleName, block: DocBlock): Linter.LintMessage[] {
  const { languageOptions, files = [] } = justscale.configs.recommended;
  const isTyped = !Object.hasOwn(justscale.configs.syntactic.rules ?? {}, `@justscale/${name}`);
  return linter.verify(
    block.code,
    [
      {
        files,
        plugins: { '@justscale': justscale },
        languageOptions: {
          parser: languageOptions?.parser,
          parserOptions: isTyped
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

describe.each(ruleNames)('docs/rules/%s.md', (name) => {
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
    const [schema] = justscale.rules[name].meta?.schema as readonly {
      properties?: object;
    }[];
    const unnamed = Object.keys(schema?.properties ?? {}).filter(
      (option) => !text.includes(`\`${option}\``),
    );
    // no-raw-client refers to the page of its sibling.
    expect(name === 'no-raw-client' ? [] : unnamed).toEqual([]);
  });
});
