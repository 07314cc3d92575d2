import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type ts from 'typescript';

/** What a `tsconfig.json` says of the names of modules. */
export interface PathAliases {
  readonly paths: Readonly<Record<string, readonly string[]>>;
  /** What the targets in `paths` are relative to. */
  readonly base: string;
  /** What other bare names are looked up in; `undefined` when they are not. */
  readonly baseUrl: string | undefined;
}

const CONFIGS = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json'];

/**
 * Finds the aliases that hold in each file: those of the nearest configuration above it. A configuration that extends a
 * package which is not installed is read without it.
 *
 * @param root - where to stop looking, an absolute path
 */
export function createAliasFinder(
  typescript: typeof ts,
  root: string,
): (file: string) => readonly PathAliases[] {
  const byFolder = new Map<string, readonly PathAliases[]>();
  const find = (folder: string): readonly PathAliases[] => {
    const known = byFolder.get(folder);
    if (known) return known;
    const own = CONFIGS.map((name) => join(folder, name))
      .filter((path) => existsSync(path))
      .flatMap((path) => readAliases(typescript, path));
    const parent = dirname(folder);
    const outer = folder === root || parent === folder ? [] : find(parent);
    const result = [...own, ...outer];
    byFolder.set(folder, result);
    return result;
  };
  return (file) => find(dirname(file));
}

function readAliases(typescript: typeof ts, path: string): readonly PathAliases[] {
  const { config } = typescript.readConfigFile(path, (file) => typescript.sys.readFile(file)) as {
    config?: unknown;
  };
  // Only the options are asked for: no file has to be looked up.
  const host: ts.ParseConfigHost = {
    useCaseSensitiveFileNames: true,
    fileExists: (file) => typescript.sys.fileExists(file),
    readFile: (file) => typescript.sys.readFile(file),
    readDirectory: () => [],
  };
  const { options } = typescript.parseJsonConfigFileContent(
    config ?? {},
    host,
    dirname(path),
    undefined,
    path,
  );
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- projects have it
  const { paths, baseUrl } = options;
  if (paths === undefined && baseUrl === undefined) return [];
  const base = baseUrl ?? (options['pathsBasePath'] as string | undefined) ?? dirname(path);
  return [{ paths: paths ?? {}, base, baseUrl }];
}
