/**
 * The folders of the published packages, each with those of its package that it may import; docs/architecture.md shows them.
 * A folder that is missing here may import nothing. Files beside the folders are entries of the package.
 */
export const layers = {
  'runtime/src': {
    errors: [],
    model: ['errors'],
    signals: ['errors', 'model'],
    store: ['errors', 'model', 'signals'],
    wire: ['errors', 'model', 'signals', 'store'],
    adapter: ['errors', 'model'],
    engine: ['errors', 'model', 'signals', 'store', 'adapter'],
    memory: ['errors', 'model', 'adapter'],
    postgres: ['errors', 'model', 'adapter'],
    redis: ['errors', 'model', 'adapter'],
    kysely: ['errors', 'store'],
    drizzle: ['store', 'adapter', 'engine'],
    testing: ['errors', 'model', 'signals', 'store', 'adapter'],
  },
  'eslint-plugin/src': {
    options: [],
    syntax: [],
    program: ['syntax'],
    modules: ['syntax'],
    checkout: [],
    schema: ['program'],
    vocabulary: ['program', 'schema'],
    report: ['vocabulary'],
    analysis: ['options', 'syntax', 'modules', 'program', 'schema', 'vocabulary', 'report'],
    rules: ['options', 'syntax', 'program', 'vocabulary', 'report', 'analysis'],
    configs: ['checkout', 'rules'],
    audit: ['program', 'checkout', 'vocabulary', 'report', 'analysis', 'rules', 'configs'],
    cli: ['audit'],
    replay: [],
  },
  'eslint-plugin/src/audit': {
    model: [],
    program: ['model'],
    fingerprints: ['model'],
    state: ['model', 'program'],
    races: ['model', 'program', 'fingerprints', 'state'],
    writes: ['model', 'program', 'races'],
    'lock-order': ['model', 'program'],
    formats: ['model', 'fingerprints'],
    compare: ['model', 'fingerprints'],
  },
  'eslint-plugin/src/replay': {
    errors: [],
    proxy: [],
    operation: ['errors'],
    database: ['errors'],
    schedule: ['errors', 'proxy', 'operation', 'database'],
    oracle: ['operation', 'database'],
    report: ['errors', 'operation', 'oracle'],
    execution: ['errors', 'proxy', 'operation', 'database', 'schedule', 'oracle', 'report'],
  },
  'eslint-plugin/src/analysis': {
    flow: [],
    'flow-findings': ['flow'],
    forged: ['locks', 'provenance'],
    locks: [],
    'module-state': [],
    provenance: ['forged', 'locks'],
    'raw-client': [],
    transactions: ['flow-findings'],
  },
};

/** Files that see more than their folder: they put a store together, and every rule is made by `create-rule`. */
export const exceptions = {
  'runtime/src': {
    'memory/memory-store.ts': ['engine', 'store'],
    'postgres/postgres-store.ts': ['engine', 'store'],
    'postgres/postgres-options.ts': ['engine'],
  },
  'eslint-plugin/src': {
    'rules/': ['create-rule.ts'],
    'configs/': ['create-rule.ts', 'typescript-missing-error.ts', 'untyped-javascript.ts'],
    'audit/': ['create-rule.ts'],
    'cli/': ['typescript-missing-error.ts'],
  },
};
