import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import type { ProgramContext } from '../program/program-context.js';
import { readPrismaSchema } from './prisma-schema.js';
import { readSqlSchema } from './sql-schema.js';
import { withPartialKeysOf, type DatabaseSchema } from './table-schema.js';

const NOT_SOURCE = ['**/node_modules/**', '**/.git/**', '**/{dist,build,.next}/**'];

/** By the folder of a repository: what its files say. They do not change while a program is looked at. */
const schemas = new WeakMap<ProgramContext, DatabaseSchema>();

/** The tables of all `*.prisma` files of the repository that a program belongs to, with the keys that its migrations add. */
export function getPrismaSchema(context: ProgramContext): DatabaseSchema {
  const known = schemas.get(context);
  if (known) return known;
  const schema = findPrismaSchema(context);
  schemas.set(context, schema);
  return schema;
}

function findPrismaSchema({ program }: ProgramContext): DatabaseSchema {
  const folder = findRepository(program.getRootFileNames(), program.getCurrentDirectory());
  const files = find(folder, '**/*.prisma');
  // A schema may be written in several files, whose models name each other.
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const { tables, problems } = readPrismaSchema(text, files.join(', '));
  const migrations = files.flatMap((file) =>
    find(join(dirname(file), 'migrations'), '**/*.sql').map((path) => readFileSync(path, 'utf8')),
  );
  return { tables: withPartialKeysOf(tables, readSqlSchema(migrations).tables), problems };
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
