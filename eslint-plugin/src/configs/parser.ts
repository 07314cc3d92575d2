import { createRequire } from 'node:module';
import type { Parser as Parsers } from '@typescript-eslint/utils/ts-eslint';
import * as espree from 'espree';
import { isInstalled } from '../checkout/is-installed.js';
import { loadCheckout, type Checkout } from '../checkout/load-checkout.js';
import { createSingleFileProgram } from './single-file-program.js';
import { TypeScriptMissingError } from '../typescript-missing-error.js';
import { UNTYPED } from '../untyped-javascript.js';

type Parser = Extract<Parsers.LooseParserModule, { parseForESLint: unknown }>;
interface ParseOptions {
  readonly filePath?: string;
  readonly project?: unknown;
  readonly projectService?: unknown;
  readonly programs?: unknown;
}

const require = createRequire(import.meta.url);
const { version } = require('@typescript-eslint/parser/package.json') as { version: string };

/**
 * The parser of the configs: typescript-eslint's, loaded at the first file that needs it.
 * JavaScript without types is read by ESLint's own parser, so that it needs no TypeScript.
 */
export const parser: Parser = {
  meta: { name: 'typescript-eslint/parser', version },
  parseForESLint(code: string, options?: ParseOptions) {
    if (!/\.[cm]?jsx?$/.test(options?.filePath ?? '')) return parseTypeScript(code, options);
    return asksForTypes(options) && !TypeScriptMissingError.find()
      ? parseTypedJavaScript(code, options)
      : parseUntypedJavaScript(code, options);
  },
};

/**
 * A parser that needs no types from the config: a file belongs to the program of the whole working folder, of which
 * nothing has to be installed, built or configured.
 */
export const checkoutParser: Parser = {
  ...parser,
  parseForESLint(code: string, options?: ParseOptions) {
    const path = options?.filePath;
    if (!path || TypeScriptMissingError.find()) return parseTypeScript(code, options);
    if (asksForTypes(options) && isInstalled(path)) return parseTypeScript(code, options);
    const { projectService: _service, project: _project, ...rest } = options;
    const { program } = getCheckout(process.cwd());
    const known = program.getSourceFile(path.replaceAll('\\', '/'));
    const programs = [known?.text === code ? program : createSingleFileProgram(path, code)];
    return parseTypeScript(code, { ...rest, programs });
  },
};

// eslint-disable-next-line @justscale/no-module-state -- programs of the files as they are now, which every process reads itself
const checkouts = new Map<string, Checkout>();

function getCheckout(folder: string): Checkout {
  let known = checkouts.get(folder);
  if (!known) checkouts.set(folder, (known = loadCheckout(folder)));
  return known;
}

function asksForTypes(options: ParseOptions | undefined): boolean {
  return Boolean(options?.projectService ?? options?.project ?? options?.programs);
}

/** JavaScript with the types of its comments, where a `tsconfig.json` includes it. */
function parseTypedJavaScript(code: string, options: ParseOptions | undefined) {
  try {
    return (require('@typescript-eslint/parser') as Parser).parseForESLint(code, options);
  } catch {
    // It belongs to no program; or its syntax is wrong, which the next parser says.
    return parseUntypedJavaScript(code, options);
  }
}

function parseUntypedJavaScript(code: string, options: ParseOptions | undefined) {
  try {
    return { ast: parseJavaScript(code), services: { [UNTYPED]: true } };
  } catch (error) {
    // Decorators and the like, which typescript-eslint reads in JavaScript too.
    const { projectService: _s, project: _p, programs: _ps, ...rest } = options ?? {};
    const result = parseTypeScript(code, rest);
    if (TypeScriptMissingError.of(result.services)) throw error;
    return { ...result, services: { ...(result.services as object | undefined), [UNTYPED]: true } };
  }
}

function parseJavaScript(code: string) {
  const options = {
    ecmaVersion: 'latest',
    ecmaFeatures: { jsx: true, globalReturn: true },
    range: true,
    loc: true,
    tokens: true,
    comment: true,
  } as const;
  try {
    return espree.parse(code, { ...options, sourceType: 'module', ecmaFeatures: { jsx: true } });
  } catch (error) {
    try {
      return espree.parse(code, { ...options, sourceType: 'script' });
    } catch {
      throw error;
    }
  }
}

function parseTypeScript(code: string, options: ParseOptions | undefined) {
  const missing = TypeScriptMissingError.find();
  if (!missing) {
    const typescript = require('@typescript-eslint/parser') as Parser;
    try {
      return typescript.parseForESLint(code, options);
    } catch (error) {
      if (!options?.filePath || !isOutsideProjects(error)) throw error;
      const { projectService: _, ...rest } = options;
      const programs = [createSingleFileProgram(options.filePath, code)];
      return typescript.parseForESLint(code, { ...rest, programs });
    }
  }
  // ESLint would repeat an error of the parser for every file; the first rule stops the run with it.
  return { ast: parseJavaScript(''), services: { typescriptMissing: missing } };
}

/** Whether typescript-eslint refused a file because no `tsconfig.json` includes it. */
function isOutsideProjects(error: unknown): boolean {
  return error instanceof Error && error.message.includes(' was not found by the project service');
}
