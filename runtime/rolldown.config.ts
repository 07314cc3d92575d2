/**
 * One file for each entry of `exports` and what they share: Node opens 2 files for `@justscale/runtime` instead of 40.
 * Declarations are written by `tsc`, in a folder of their own.
 */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { defineConfig, rolldown } from 'rolldown';

const root = import.meta.dirname;
const directory = 'dist/bundle';

const entries = await readEntries();
// Who imports the package alone, for its models and errors, loads nothing of the stores.
const core = await modulesOf('.');
const engine = await modulesOf('./adapter');

export default defineConfig({
  ...inputOf(Object.values(entries)),
  output: {
    dir: directory,
    cleanDir: true,
    sourcemap: true,
    // Not minified: Node prints the line that threw, and stacks have to be readable. Comments are in the maps.
    minify: false,
    comments: false,
    chunkFileNames: 'shared/[name].js',
    codeSplitting: {
      groups: [
        { name: 'core', test: (id: string) => core.has(id) },
        { name: 'engine', test: (id: string) => engine.has(id) },
      ],
    },
  },
});

/** What package.json exports, each with the name that its module has in `src` and in the bundle: `memory/index`. */
async function readEntries(): Promise<Record<string, string>> {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Record<string, string | { readonly default: string }>;
  };
  const names = Object.entries(exports).map(([path, entry]) =>
    typeof entry === 'string'
      ? []
      : [[path, relative(directory, entry.default).replace(/\.js$/, '')] as const],
  );
  return Object.fromEntries(names.flat());
}

function inputOf(names: readonly string[]) {
  return {
    cwd: root,
    input: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
    platform: 'node',
    external: /^[^./]/,
  } as const;
}

/** What an export needs, as paths of modules. */
async function modulesOf(path: string): Promise<ReadonlySet<string>> {
  const name = entries[path];
  if (name === undefined) throw new Error(`package.json exports no ${path}.`);
  const alone = await rolldown(inputOf([name]));
  const { output } = await alone.generate();
  await alone.close();
  return new Set(output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
}
