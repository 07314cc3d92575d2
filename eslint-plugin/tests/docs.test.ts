import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import justscale from '@justscale/eslint-plugin';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { readDocBlocks, type DocBlock } from './support/doc-blocks.js';
import { typedProjectFolder } from './support/rule-tester.js';
import { canShare, sharedProgramParser } from './support/shared-program.js';

const docsFolder = resolve(import.meta.dirname, '../docs/rules');
const linter = new Linter({ cwd: typedProjectFolder });

type RuleName = keyof typeof justscale.rules;

const ruleNames = Object.keys(justscale.rules) as RuleName[];

const pageOf = (name: RuleName): string => join(docsFolder, `${name}.md`);

/** The blocks that no file's name and no other block can matter to: files of one program. */
const texts = new Map<string, string>();
const parser = sharedProgramParser(join(typedProjectFolder, 'tsconfig.json'), texts);
for (const name of ruleNames)
  for (const { code, line, filename } of readDocBlocks(pageOf(name)))
    if (filename === null && canShare(code)) texts.set(sharedPath(name, line), code);

function sharedPath(name: RuleName, line: number): string {
  return join(typedProjectFolder, `${name}-${line}.ts`);
}

function lint(name: RuleName, block: DocBlock): Linter.LintMessage[] {
  const { languageOptions, files = [] } = justscale.configs.recommended;
  const isTyped = !Object.hasOwn(justscale.configs.syntactic.rules ?? {}, `@justscale/${name}`);
  const shared = sharedPath(name, block.line);
  return linter.verify(
    block.code,
    [
      {
        files,
        plugins: { '@justscale': justscale },
        languageOptions: isTyped
          ? {
              parser,
              parserOptions: {
                project: './tsconfig.json',
                tsconfigRootDir: typedProjectFolder,
                disallowAutomaticSingleRunInference: true,
              },
            }
          : { parser: languageOptions?.parser },
        rules: { [`@justscale/${name}`]: 'error' },
      },
    ],
    {
      filename:
        isTyped && texts.has(shared)
          ? shared
          : join(typedProjectFolder, block.filename ?? 'file.ts'),
    },
  );
}

describe.each(ruleNames)('docs/rules/%s.md', (name) => {
  const path = pageOf(name);
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
