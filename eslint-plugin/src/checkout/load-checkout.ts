import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type ts from 'typescript';
import { createAliasFinder } from './path-aliases.js';
import { resolveOwnModule, type ModuleMap } from './resolve-module.js';
import { findSourceFiles, type SourceFileOptions } from './source-files.js';
import { findWorkspacePackages } from './workspace-packages.js';

const require = createRequire(import.meta.url);

/** A folder of source code as one program. */
export interface Checkout {
  readonly folder: string;
  readonly program: ts.Program;
  /** The files that somebody wrote, as absolute paths. */
  readonly files: readonly string[];
}

/**
 * Reads a folder as one program, whatever of it is installed, built or configured: a monorepo's packages find each other by
 * name, and what is missing has no types. Nothing of the folder is executed.
 *
 * @param folder - a path
 */
export function loadCheckout(folder: string, options: SourceFileOptions = {}): Checkout {
  const typescript = require('typescript') as typeof ts;
  const root = resolve(folder);
  const files = findSourceFiles(root, options);
  const compilerOptions = optionsOf(typescript);
  const host = createHost(typescript, compilerOptions, {
    packages: findWorkspacePackages(root),
    aliasesOf: createAliasFinder(typescript, root),
  });
  const program = typescript.createProgram({ rootNames: files, options: compilerOptions, host });
  return { folder: root, program, files };
}

/** The same for every folder, so that all of a monorepo is one program. */
function optionsOf(typescript: typeof ts): ts.CompilerOptions {
  return {
    target: typescript.ScriptTarget.ESNext,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    jsx: typescript.JsxEmit.Preserve,
    allowJs: true,
    checkJs: false,
    maxNodeModuleJsDepth: 0,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    allowImportingTsExtensions: true,
    types: [],
  };
}

function createHost(
  typescript: typeof ts,
  options: ts.CompilerOptions,
  modules: ModuleMap,
): ts.CompilerHost {
  const host = typescript.createCompilerHost(options, true);
  const installed = typescript.createModuleResolutionCache(
    host.getCurrentDirectory(),
    (file) => file,
    options,
  );
  const resolveOne = (name: string, importer: string): ts.ResolvedModuleFull | undefined => {
    const own = importer.includes('/node_modules/')
      ? undefined
      : resolveOwnModule(name, importer, modules);
    if (own !== undefined) {
      return { resolvedFileName: own, extension: extensionOf(own), isExternalLibraryImport: false };
    }
    return typescript.resolveModuleName(name, importer, options, host, installed).resolvedModule;
  };
  const known = new Map<string, ts.ResolvedModuleFull | undefined>();
  host.resolveModuleNameLiterals = (literals, importer) =>
    literals.map(({ text }) => {
      const key = `${importer.slice(0, importer.lastIndexOf('/'))}\0${text}`;
      if (!known.has(key)) known.set(key, resolveOne(text, importer));
      return { resolvedModule: known.get(key) };
    });
  return host;
}

function extensionOf(path: string): string {
  const [extension = '.ts'] = /(?:\.d)?\.[cm]?[jt]sx?$/.exec(path) ?? [];
  return extension;
}
