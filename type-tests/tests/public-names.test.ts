import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript6';
import { expect, test } from 'vitest';

const testDirectory = fileURLToPath(new URL('../test-d', import.meta.url));
const manifestFile = createRequire(import.meta.url).resolve('@justscale/runtime/package.json');
const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as {
  exports: Record<string, { import: { types: string } } | string>;
};
const entryPoints = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'string'
    ? []
    : [
        {
          path: path.replace('.', '@justscale/runtime'),
          types: join(dirname(manifestFile), target.import.types),
        },
      ],
);
const program = ts.createProgram(
  entryPoints.map(({ types }) => types),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  },
);

test.each(entryPoints)(
  'every public name of $path is imported by a type test',
  async ({ path, types }) => {
    const tested = await importedNames(path);

    expect(exportedNames(types).filter((name) => !tested.has(name))).toEqual([]);
  },
);

function exportedNames(file: string): string[] {
  const source = program.getSourceFile(file);
  const checker = program.getTypeChecker();
  const symbol = source && checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`${file} exports nothing: run npm run build`);
  return checker.getExportsOfModule(symbol).map(({ name }) => name);
}

async function importedNames(from: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (const file of await readdir(testDirectory)) {
    if (!file.endsWith('.test-d.ts')) continue;
    const source = await readFile(join(testDirectory, file), 'utf8');
    for (const statement of ts.createSourceFile(file, source, ts.ScriptTarget.ESNext).statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const bindings = statement.importClause?.namedBindings;
      if ((statement.moduleSpecifier as ts.StringLiteral).text !== from || bindings === undefined)
        continue;
      if (ts.isNamedImports(bindings)) {
        for (const element of bindings.elements) names.add(element.name.text);
      }
    }
  }
  return names;
}
