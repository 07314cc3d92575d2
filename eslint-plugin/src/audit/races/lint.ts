import { createRequire } from 'node:module';
import type { ESLint, Linter } from 'eslint';
import type ts from 'typescript';
import { races } from '../../configs/races.js';
import { recommended } from '../../configs/recommended.js';
import type { JustscaleRule } from '../../create-rule.js';
import { usesRuntime } from '../../program/runtime-package.js';
import { rules } from '../../rules/index.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { mayHoldState } from '../state/may-hold-state.js';
import { isBrowserCode } from '../program/browser-code.js';

const require = createRequire(import.meta.url);
const NAMESPACE = '@justscale';
const STATE = 'no-module-state';

/** What a rule reports in a file, at a place as ESLint counts. */
export interface Report {
  readonly file: ts.SourceFile;
  readonly ruleId: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Runs the rules of this plugin on a program, on each file those that can report something there. */
export function* lint(program: AuditedProgram): Generator<readonly Report[]> {
  const { Linter: ESLintLinter } = require('eslint') as { Linter: typeof Linter };
  const linter = new ESLintLinter({ configType: 'flat', cwd: program.folder });
  const levels = levelsOf(program);
  const all = configOf(program, levels);
  const onlyState = configOf(program, { [`${NAMESPACE}/${STATE}`]: 'error' });
  const databaseFiles = new Set(program.databaseFiles);
  for (const file of program.files) {
    const isDatabase = databaseFiles.has(file);
    if (isDatabase || (mayHoldState(program.context, file) && !isBrowserCode(program, file))) {
      const messages = linter.verify(file.text, isDatabase ? all : onlyState, {
        filename: file.fileName,
      });
      yield messages.flatMap((message) => toReport(file, message));
    } else yield [];
  }
}

/** Code on the runtime has more rules; those that are surer of some findings report all of them. */
function levelsOf({ context }: AuditedProgram): Linter.RulesRecord {
  const names = usesRuntime(context.program) ? recommended.rules : races.rules;
  const levels: Linter.RulesRecord = {};
  for (const key of Object.keys(names)) {
    const name = key.slice(NAMESPACE.length + 1);
    const rule = (rules as Readonly<Record<string, JustscaleRule>>)[name];
    const [strictest] = (rule?.meta.docs?.strictOptions ?? []) as readonly object[];
    levels[key] = strictest && 'probable' in strictest ? ['error', { probable: true }] : 'error';
  }
  return levels;
}

function configOf({ context }: AuditedProgram, levels: Linter.RulesRecord): Linter.Config {
  return {
    files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
    plugins: { [NAMESPACE]: { rules: rules as unknown as ESLint.Plugin['rules'] } },
    languageOptions: {
      parser: require('@typescript-eslint/parser') as Linter.Parser,
      parserOptions: { programs: [context.program] },
    },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: levels,
  };
}

/** What is not of this plugin, such as a comment that names the rule of another one, says nothing here. */
function toReport(file: ts.SourceFile, message: Linter.LintMessage): readonly Report[] {
  const { ruleId, line, column, endLine = line, endColumn = column } = message;
  if (!ruleId?.startsWith(`${NAMESPACE}/`)) return [];
  return [
    {
      file,
      ruleId: ruleId.slice(NAMESPACE.length + 1),
      message: message.message,
      line,
      column,
      endLine,
      endColumn,
    },
  ];
}
