/**
 * Replaces the modules that `tsc` wrote to `dist` by one file for each entry and what they share: Node opens 2 files
 * for `@justscale/runtime` instead of 40. Declarations stay as `tsc` wrote them.
 *
 * What `tsc -b` knows of this project is forgotten, so that the next one writes all its modules again: `dist` is
 * always of one kind, and never stale.
 */
import { readdir, rm } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const entries = ['index', 'adapter', 'memory/index', 'postgres/index', 'testing/index'];

const bundle = await open(entries);
// Who imports the package alone, for its models and errors, loads nothing of the stores.
const core = await modulesOf('index');
const { output } = await bundle.write({
  dir: dist,
  sourcemap: true,
  // Comments and the names of locals are in the maps; what an error or a stack shows keeps its name.
  minify: {
    compress: { keepNames: { function: true, class: true } },
    mangle: { toplevel: false },
    codegen: { removeWhitespace: true },
  },
  comments: false,
  chunkFileNames: 'shared/[name].js',
  codeSplitting: {
    groups: [
      { name: 'core', test: (id) => core.has(id) },
      { name: 'engine', test: /src\/(adapter\/[^/]+\.ts$|(engine|model|signals)\/)/ },
    ],
  },
});
await bundle.close();

const written = new Set(output.map((file) => normalize(file.fileName)));
for (const file of await readdir(dist, { recursive: true })) {
  if (/\.js(\.map)?$/.test(file) && !written.has(file)) await rm(join(dist, file));
}
await rm(join(root, 'tsconfig.tsbuildinfo'), { force: true });

function open(names) {
  return rolldown({
    cwd: root,
    input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
    platform: 'node',
    external: /^[^./]/,
  });
}

/** What an entry needs, as paths of modules. */
async function modulesOf(entry) {
  const alone = await open([entry]);
  const { output } = await alone.generate();
  await alone.close();
  return new Set(output.flatMap(({ moduleIds }) => moduleIds ?? []));
}
