/**
 * One file for each entry of `exports` and what they share: Node opens 2 files for `@justscale/runtime` instead of 40.
 * Declarations are written by `tsc`, in a folder of their own.
 *
 * Node gives `import` and `require` the same modules, those of `dist/bundle`. `dist/commonjs` is for what cannot require a module,
 * such as Jest: nobody loads both.
 */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { defineConfig, rolldown, type RolldownOptions } from 'rolldown';

const root = import.meta.dirname;
const directories = { esm: 'dist/bundle', cjs: 'dist/commonjs' } as const;

const entries = await readEntries();
// Who imports the package alone, for its models and errors, loads nothing of the stores.
const core = await modulesOf('.');
const engine = await modulesOf('./adapter');

export default defineConfig([bundleOf('esm', 'js'), bundleOf('cjs', 'cjs')]);

function bundleOf(format: keyof typeof directories, extension: string): RolldownOptions {
  return {
    ...inputOf(Object.values(entries)),
    output: {
      dir: directories[format],
      format,
      cleanDir: true,
      // CommonJS is not strict by itself.
      strict: true,
      sourcemap: true,
      // Not minified: Node prints the line that threw, and stacks have to be readable. Comments are in the maps.
      minify: false,
      comments: false,
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `shared/[name].${extension}`,
      codeSplitting: {
        groups: [
          { name: 'core', test: (id: string) => core.has(id) },
          { name: 'engine', test: (id: string) => engine.has(id) },
        ],
      },
    },
  };
}

/** What package.json exports, each with the name that its module has in `src` and in the bundle: `memory/index`. */
async function readEntries(): Promise<Record<string, string>> {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Record<string, string | { readonly import: { readonly default: string } }>;
  };
  const names = Object.entries(exports).map(([path, entry]) =>
    typeof entry === 'string'
      ? []
      : [[path, relative(directories.esm, entry.import.default).replace(/\.js$/, '')] as const],
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
