import { dirname, join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import ts from 'typescript';

/** The texts of the language's and the packages' files, read and parsed once for all programs. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Files of declarations that others would see need a program of their own. */
const SEEN_BY_OTHERS = /declare (?:global|module)/;
const IS_MODULE = /^(?:import|export) /m;

/** Whether this text can stand in a program beside others. */
export function canShare(code: string): boolean {
  return IS_MODULE.test(code) && !SEEN_BY_OTHERS.test(code);
}

/** A parser that gives the texts of one program their types; other files are parsed by the options of the tester. */
export interface SharedProgramParser {
  readonly meta: { readonly name: string; readonly version: string };
  parseForESLint(
    code: string,
    options?: parser.ParserOptions,
  ): ReturnType<typeof parser.parseForESLint>;
}

/**
 * One program of all these texts: they share the checker, which is most of what types cost.
 *
 * @param configPath its compiler options and the files beside the texts
 * @param texts by absolute path
 */
export function sharedProgramParser(
  configPath: string,
  texts: ReadonlyMap<string, string>,
): SharedProgramParser {
  let program: ts.Program | undefined;
  return {
    meta: { name: 'shared-program-parser', version: '1.0.0' },
    parseForESLint(code, options) {
      const path = options?.filePath ?? '';
      const text = texts.get(path);
      if (text === undefined) return parser.parseForESLint(code, options);
      // What a suggestion makes of a text is checked in the place that the project keeps for one file.
      if (text !== code)
        return parser.parseForESLint(code, {
          ...options,
          filePath: join(dirname(configPath), 'file.ts'),
        });
      program ??= createProgram(configPath, texts);
      return parser.parseForESLint(code, { ...options, project: null, programs: [program] });
    },
  };
}

function createProgram(configPath: string, texts: ReadonlyMap<string, string>): ts.Program {
  const { config } = ts.readConfigFile(configPath, (path) => ts.sys.readFile(path));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configPath));
  const host = ts.createCompilerHost(options, true);
  const readSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, settings) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, settings, true);
    if (!parsed.has(path)) parsed.set(path, readSourceFile(path, settings));
    return parsed.get(path);
  };
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  return ts.createProgram({ rootNames: [...fileNames, ...texts.keys()], options, host });
}
