/**
 * Who may import whom, of `layers.js`; `npm run lint` asks. It sees imports of types as well, which a linter of single files
 * does not follow, and resolves what is imported: a package by its name is not its sources by their path.
 */
import { exceptions, layers } from './layers.js';

/** A pattern for the paths below any of some folders, or some files themselves. */
const below = (root, names) =>
  `^${root}/(?:${names.map((name) => (/\.ts$|\/$/.test(name) ? name : `${name}/`)).join('|')})`;

const layerRules = Object.entries(layers).flatMap(([root, folders]) => {
  const special = exceptions[root] ?? {};
  return [
    ...Object.entries(folders).map(([folder, lower]) => ({
      name: `${root}/${folder}`,
      comment: `${folder}/ imports ${lower.join(', ') || 'no other folder'}; see layers.js.`,
      severity: 'error',
      from: { path: below(root, [folder]), pathNot: below(root, [...Object.keys(special), '-']) },
      to: { path: `^${root}/`, pathNot: below(root, [folder, ...lower]) },
    })),
    ...Object.entries(special).map(([file, more]) => {
      const [folder] = file.split('/');
      return {
        name: `${root}/${file}`,
        comment: `It imports what ${folder}/ may, and ${more.join(', ')}; see layers.js.`,
        severity: 'error',
        from: { path: below(root, [file]) },
        to: { path: `^${root}/`, pathNot: below(root, [folder, ...folders[folder], ...more]) },
      };
    }),
    {
      name: `${root}: unknown folder`,
      comment: 'Say in layers.js what this folder may import.',
      severity: 'error',
      from: { path: `^${root}/[^/]+/`, pathNot: below(root, Object.keys(folders)) },
      to: {},
    },
  ];
});

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'no-circle',
      comment: 'Imports run one way; those of types too.',
      severity: 'error',
      // Two models that refer to each other are what the domain is like.
      from: { pathNot: '^fixtures/examples/[^/]+/domain/models/' },
      to: { circular: true },
    },
    {
      name: 'driver',
      comment: 'Only the adapter for Postgres knows its driver.',
      severity: 'error',
      from: { path: '^runtime/src/', pathNot: '^runtime/src/postgres/' },
      to: { path: '(?:^|/)node_modules/postgres/' },
    },
    {
      name: 'redis',
      comment: 'Only the transport over Redis knows its client.',
      severity: 'error',
      from: { path: '^runtime/src/', pathNot: '^runtime/src/redis/' },
      to: { path: '(?:^|/)node_modules/@?redis/' },
    },
    {
      name: 'plugin-and-runtime',
      comment: 'The plugin recognises the runtime by its types, and the runtime knows no plugin.',
      severity: 'error',
      from: { path: '^(runtime|eslint-plugin)/src/' },
      to: { path: '^(?:runtime|eslint-plugin)/', pathNot: '^$1/' },
    },
    {
      name: 'packages-by-name',
      comment:
        'Use packages by their names, as users do; a test of a part alone says so, with #src/ or #dist/.',
      severity: 'error',
      from: {
        path: '^(?:runtime/(?:tests|benchmarks)|eslint-plugin/tests|type-tests|fixtures|e2e)/',
      },
      to: {
        path: '^(?:runtime|eslint-plugin)/(?:src|dist)/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased-subpath-import'],
      },
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: { path: '/src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: {
      path: [
        '/\\.tmp/',
        '^type-tests/(?:template|commonjs/template|cost/domains)/',
        '^fixtures/(?:forgeries|races/(?:pairs|held-out|reported))/',
      ],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
