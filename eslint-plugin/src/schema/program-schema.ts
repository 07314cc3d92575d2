import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import type ts from 'typescript';
import type { ProgramContext } from '../program/program-context.js';
import { readPrismaSchema } from './prisma-schema.js';
import { readSqlSchema } from './sql-schema.js';
import {
  withPartialKeysOf,
  type DatabaseSchema,
  type SchemaProblem,
  type TableSchema,
} from './table-schema.js';

const NOT_SOURCE = ['**/node_modules/**', '**/.git/**', '**/{dist,build,.next}/**'];

/** What the schemas of a repository say. They do not change while a program is looked at. */
const schemas = new WeakMap<ProgramContext, readonly TableSchema[]>();
const seen = new WeakMap<ProgramContext, Map<string, readonly TableSchema[]>>();

/**
 * The tables of all `*.prisma` files of the repository that a program belongs to, with the keys that its migrations add, as a
 * file sees them: of two that have one name, that of the nearer schema comes first.
 */
export function getPrismaTables(
  context: ProgramContext,
  { fileName }: Pick<ts.SourceFile, 'fileName'>,
): readonly TableSchema[] {
  let byFolder = seen.get(context);
  if (!byFolder) seen.set(context, (byFolder = new Map<string, readonly TableSchema[]>()));
  const folder = dirname(fileName);
  let tables = byFolder.get(folder);
  if (!tables) {
    tables = [...getAllPrismaTables(context)].sort(
      (a, b) => nearness(folder, b) - nearness(folder, a),
    );
    byFolder.set(folder, tables);
  }
  return tables;
}

/** The tables of all `*.prisma` files of a repository. */
export function getAllPrismaTables(context: ProgramContext): readonly TableSchema[] {
  let tables = schemas.get(context);
  if (!tables) schemas.set(context, (tables = findPrismaTables(context)));
  return tables;
}

/** How many folders from the root on a folder has in common with that of a schema. */
function nearness(folder: string, { origin = '' }: TableSchema): number {
  const parts = folder.split(/[\\/]/);
  const others = origin.split(/[\\/]/);
  const different = parts.findIndex((part, index) => part !== others[index]);
  return different < 0 ? parts.length : different;
}

function findPrismaTables({ program }: ProgramContext): readonly TableSchema[] {
  const root = findRepository(program.getRootFileNames(), program.getCurrentDirectory());
  const files = find(root, '**/*.prisma');
  const folders = new Set(files.map((file) => dirname(file)));
  return [...folders].flatMap((folder) =>
    readFolder(
      folder,
      files.filter((file) => dirname(file) === folder),
      folders.size > 1,
    ),
  );
}

/** The files of one folder are one schema. */
function readFolder(
  folder: string,
  files: readonly string[],
  isOneOfMany: boolean,
): readonly TableSchema[] {
  const { tables, problems } = readFiles(files);
  for (const problem of problems) warnOfProblem(problem);
  const migrations = find(join(folder, 'migrations'), '**/*.sql').map((path) =>
    readFileSync(path, 'utf8'),
  );
  return withPartialKeysOf(tables, readSqlSchema(migrations).tables).map((table) =>
    isOneOfMany ? { ...table, origin: folder } : table,
  );
}

/** A schema may be written in several files, whose models name each other; one that cannot be read is left out. */
function readFiles(files: readonly string[]): DatabaseSchema {
  const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const whole = readPrismaSchema(texts.map(({ text }) => text).join('\n'), files.join(', '));
  if (whole.problems.length === 0) return whole;
  const parts = texts.map(({ file, text }) => readPrismaSchema(text, file));
  return {
    tables: parts.flatMap(({ tables }) => tables),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

const migrated = new WeakMap<ProgramContext, ReadonlyMap<string, TableSchema>>();

/** A table as the migrations in SQL of the repository leave it; `null` when there is none of that name. */
export function getMigratedTable(context: ProgramContext, table: string): TableSchema | null {
  let known = migrated.get(context);
  if (!known) {
    const folder = findRepository(
      context.program.getRootFileNames(),
      context.program.getCurrentDirectory(),
    );
    const files = find(folder, '**/{migrations,migration,migrate,db,schema}/**/*.sql');
    const { tables } = readSqlSchema(files.map((path) => readFileSync(path, 'utf8')));
    known = new Map(tables.map((each) => [each.table, each]));
    migrated.set(context, known);
  }
  return known.get(table) ?? null;
}

// eslint-disable-next-line @justscale/no-module-state -- what this process has said; another one says it itself
const warned = new Set<string>();

/** Says once what could not be read; the rest is used. */
function warnOfProblem({ file, message }: SchemaProblem): void {
  if (warned.has(file)) return;
  warned.add(file);
  process.emitWarning(`${file} ${message}. Its tables are not known.`, {
    type: 'JustscaleWarning',
    code: 'JUSTSCALE_SCHEMA_UNREADABLE',
  });
}

/** The outermost folder above the files of a program that has a package: a monorepo's own. */
function findRepository(files: readonly string[], fallback: string): string {
  const [file] = files;
  let found: string | undefined;
  for (let folder = dirname(file ?? join(fallback, 'x')); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) found = folder;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return found ?? fallback;
  }
}

function find(folder: string, pattern: string): string[] {
  if (!existsSync(folder)) return [];
  const found = globSync(pattern, {
    cwd: folder,
    ignore: NOT_SOURCE,
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  return found.sort().map((file) => join(folder, file));
}
