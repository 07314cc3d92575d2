/**
 * Declarations for both module systems, with one type behind every name: `tsc` has written them once, and they become CommonJS,
 * which every module may import. What `import` finds is a `.d.mts` of each entry beside it, with the same imports; those of
 * other packages are then the ones that `import` finds, too.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const entries = Object.values(exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [{ from: entry.require.types, to: entry.import.types }],
);
await Promise.all([
  writeFile(join(root, 'dist/types/package.json'), '{ "type": "commonjs" }\n'),
  ...entries.map(({ from, to }) => copyFile(join(root, from), join(root, to))),
]);
