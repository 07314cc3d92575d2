import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type ts from 'typescript';

const require = createRequire(import.meta.url);

/**
 * The program of a file that no `tsconfig.json` includes, with the compiler options of the nearest one above it.
 *
 * @param path absolute path of the file
 * @param code its text, which an editor may not have written yet
 */
export function createSingleFileProgram(path: string, code: string): ts.Program {
  const typescript = require('typescript') as typeof ts;
  const options = readOptions(typescript, dirname(path));
  const host = typescript.createCompilerHost(options, true);
  const readFile = host.readFile.bind(host);
  const canonical = (name: string): string => host.getCanonicalFileName(name.replaceAll('\\', '/'));
  const own = canonical(path);
  host.readFile = (name) => (canonical(name) === own ? code : readFile(name));
  return typescript.createProgram({ rootNames: [path], options, host });
}

function readOptions(typescript: typeof ts, folder: string): ts.CompilerOptions {
  const config = typescript.findConfigFile(folder, (file) => typescript.sys.fileExists(file));
  const parsed =
    config === undefined
      ? undefined
      : typescript.getParsedCommandLineOfConfigFile(
          config,
          {},
          { ...typescript.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
        );
  const options = parsed?.options ?? {
    strict: true,
    module: typescript.ModuleKind.NodeNext,
    target: typescript.ScriptTarget.ESNext,
  };
  return { ...options, noEmit: true, allowJs: true, composite: false, incremental: false };
}
