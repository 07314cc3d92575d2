import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { loadCheckout, type Checkout } from '#dist/checkout/load-checkout.js';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The type of the last exported constant of a file. */
function typeIn({ program, folder }: Checkout, file: string): string {
  const source = program.getSourceFile(join(folder, file));
  const last = source?.statements.at(-1);
  if (!last || !ts.isVariableStatement(last)) throw new Error(`${file} ends with no constant`);
  const [declaration] = last.declarationList.declarations;
  const checker = program.getTypeChecker();
  return declaration ? checker.typeToString(checker.getTypeAtLocation(declaration)) : '';
}

describe('loadCheckout', () => {
  it('finds packages of a monorepo by name, by what exports will have been built', () => {
    const checkout = loadCheckout(
      write({
        'packages/db/package.json': JSON.stringify({
          name: '@app/db',
          exports: { '.': { import: './dist/index.js' }, './queries/*': './dist/queries/*.js' },
        }),
        'packages/db/src/index.ts': 'export const count = 1 as number;',
        'packages/db/src/queries/users.ts': 'export const users = ["a"];',
        'packages/ids/package.json': JSON.stringify({ name: 'ids', main: './index.ts' }),
        'packages/ids/index.ts': 'export const id = "a" as string;',
        'apps/web/a.ts': 'import { count } from "@app/db";\nexport const a = count;',
        'apps/web/b.ts': 'import { users } from "@app/db/queries/users";\nexport const b = users;',
        'apps/web/c.ts': 'import { id } from "ids";\nexport const c = id;',
      }),
    );
    const types = ['a', 'b', 'c'].map((name) => typeIn(checkout, `apps/web/${name}.ts`));
    expect(types).toEqual(['number', 'string[]', 'string']);
  });

  it('follows the aliases of the nearest configuration, one that extends a missing package too', () => {
    const checkout = loadCheckout(
      write({
        'app/tsconfig.json': `{ "extends": "@missing/tsconfig/base.json", // nobody installed it
          "compilerOptions": { "paths": { "@/*": ["./src/*"], "#db": ["./src/db"] } } }`,
        'app/src/db/index.ts': 'export const rows = [1];',
        'app/src/a.ts': 'import { rows } from "@/db";\nexport const a = rows;',
        'app/src/b.ts': 'import { rows } from "#db";\nexport const b = rows;',
        'other/src/a.ts': 'import { rows } from "@/db";\nexport const a = rows;',
      }),
    );
    expect(typeIn(checkout, 'app/src/a.ts')).toBe('number[]');
    expect(typeIn(checkout, 'app/src/b.ts')).toBe('number[]');
    expect(typeIn(checkout, 'other/src/a.ts')).toBe('any');
  });

  it('reads imports that end in .js, JavaScript, and what is not installed', () => {
    const checkout = loadCheckout(
      write({
        'package.json': 'no json',
        'a.ts': 'export const a = 1 as number;',
        'b.ts': 'import { a } from "./a.js";\nexport const b = a;',
        'c.js': 'import { a } from "./a.js";\nexport const c = a;',
        'd.ts':
          'import { PrismaClient } from "@prisma/client";\nexport const d = new PrismaClient();',
      }),
    );
    const types = ['b.ts', 'c.js', 'd.ts'].map((file) => typeIn(checkout, file));
    expect(types).toEqual(['number', 'number', 'any']);
  });

  it('leaves out what only tests run, what a build wrote and what is installed', () => {
    const files = {
      'src/a.ts': '',
      'src/a.test.ts': '',
      'src/__tests__/b.ts': '',
      'dist/a.js': '',
      'node_modules/x/index.js': '',
    };
    const named = ({ files: found, folder }: Checkout): string[] =>
      found.map((file) => relative(folder, file));
    expect(named(loadCheckout(write(files)))).toEqual(['src/a.ts']);
    const all = loadCheckout(write(files), { withTests: true, ignore: ['**/b.ts'] });
    expect(named(all)).toEqual(['src/a.test.ts', 'src/a.ts']);
  });

  it('takes an empty folder', () => {
    expect(loadCheckout(write({ 'README.md': '' })).files).toEqual([]);
  });
});
