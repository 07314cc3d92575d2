import type { Linter, Parser } from '@typescript-eslint/utils/ts-eslint';
import type { JustscaleRule } from '../create-rule.js';
import { rules } from '../rules/index.js';
import { parser } from './parser.js';

/** One flat config; the plugin puts itself into `plugins`. */
export interface SharedConfig {
  readonly name: string;
  readonly files: string[];
  readonly languageOptions: { readonly parser: Parser.LooseParserModule };
  readonly rules: Record<string, Linter.RuleEntry>;
}

/** Every rule as `error`: ESLint's bulk suppressions take nothing less. */
export function ruleLevels({
  strict = false,
  syntacticOnly = false,
  only = Object.keys(rules),
}: {
  readonly strict?: boolean;
  readonly syntacticOnly?: boolean;
  readonly only?: readonly string[];
} = {}): SharedConfig['rules'] {
  const levels: SharedConfig['rules'] = {};
  for (const [name, rule] of Object.entries<JustscaleRule>(rules)) {
    const docs = rule.meta.docs;
    if (!only.includes(name)) continue;
    if (syntacticOnly && docs?.requiresTypeChecking) continue;
    levels[`@justscale/${name}`] =
      strict && docs?.strictOptions
        ? ['error', ...(docs.strictOptions as readonly unknown[])]
        : 'error';
  }
  return levels;
}

const TYPESCRIPT = ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'];
const JAVASCRIPT = ['**/*.js', '**/*.jsx', '**/*.mjs', '**/*.cjs'];

/** A config for TypeScript files, which ESLint reads only where a config names them and brings a parser. */
export function typescriptConfig(
  name: string,
  levels: SharedConfig['rules'],
  reader: Parser.LooseParserModule = parser,
): SharedConfig {
  return {
    name: `@justscale/${name}`,
    files: [...TYPESCRIPT],
    languageOptions: { parser: reader },
    rules: levels,
  };
}

/** A config for TypeScript and JavaScript files; in JavaScript without types those rules run that need none. */
export function scriptConfig(name: string, levels: SharedConfig['rules']): SharedConfig {
  return { ...typescriptConfig(name, levels), files: [...TYPESCRIPT, ...JAVASCRIPT] };
}
