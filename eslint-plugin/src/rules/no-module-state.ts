import { basename } from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import { matchesGlobs } from '../options/file-globs.js';
import { findModuleState } from '../analysis/module-state/find-module-state.js';
import { getFunctionName } from '../syntax/function-name.js';
import type { ModuleState } from '../analysis/module-state/module-state.js';
import type { StateWrite } from '../analysis/module-state/state-write.js';
import { ThisUses } from '../analysis/module-state/this-uses.js';
import { getMemoryStore } from '../analysis/module-state/known-stores.js';
import { getNameTest } from '../options/name-patterns.js';
import { createRule } from '../create-rule.js';

export interface NoModuleStateOptions {
  readonly allowNames?: readonly string[];
  readonly allowFiles?: readonly string[];
  readonly allowConstructors?: readonly string[];
  readonly reportLazyResources?: boolean;
}

const MEND =
  'Keep it in the database, behind a repository, or pass it as an argument; ' +
  'if it may differ between processes, list it in the option `allowNames`.';

const defaults = {
  allowNames: [],
  allowFiles: [
    '**/*.{test,spec,bench,mock,e2e,stories}.{js,jsx,ts,tsx,mjs,mts,cjs,cts}',
    '**/__{tests,mocks}__/**',
  ],
  allowConstructors: [],
  reportLazyResources: false,
} as const satisfies NoModuleStateOptions;

export default createRule({
  name: 'no-module-state',
  meta: {
    type: 'problem',
    description: 'disallow module-level and static state that is written at run time',
    messages: {
      writtenBinding:
        '`{{name}}` is one per process and is written at run time in {{function}} (line {{line}}): another process will not see it. {{mend}}',
      writtenStatic:
        'Static field `{{name}}` is one per process and is written at run time in {{function}} (line {{line}}): another process will not see it. {{mend}}',
      writtenGlobal:
        '`{{name}}` is one per process and is written at run time in {{function}} (line {{line}}): another process will not see it. {{mend}}',
      cache:
        '`{{name}}` is an in-process cache (`{{constructedBy}}`): what it holds goes stale as soon as another process writes. Read from the database, or use a cache that all processes share; allow it with the option `allowConstructors`.',
      memoized:
        '`{{name}}` remembers results in this process only (`{{constructedBy}}`): they go stale as soon as another process writes. Compute them for each request, or allow it with the option `allowConstructors`.',
      kept: '`{{name}}` is a container that `{{constructedBy}}` keeps for the life of this process: another process has its own. {{mend}}',
      instance:
        '`{{name}}` is one per process, and its field `{{inner}}` is written at run time in {{function}} ({{place}}): another process will not see it. {{mend}}',
      closure:
        '`{{name}}` is one per process, and the `{{inner}}` that `{{constructedBy}}` closes over is written at run time in {{function}} ({{place}}): another process will not see it. {{mend}}',
      injected:
        '`{{name}}` is one per process, since `@{{decorator}}` makes one instance for all requests, and is written in {{function}} (line {{line}}): another process will not see it. {{mend}}',
      memoryStore:
        '`{{name}}` keeps what it counts or remembers in the memory of this process: every other process has its own. Give it the option `{{option}}` with a store that all processes share, or allow it with the option `allowConstructors`.',
      exported:
        '`{{name}}` is an empty `{{constructedBy}}` that nothing here fills: whoever imports it does so at run time, for this process only. {{mend}}',
      lock: '`{{name}}` lets in one at a time in this process only: every other process has its own, and is let in as well. Lock the row with `repo.lock(ref)`, or a name with `store.lockName(name)`, inside of a transaction; if it guards what only this process has, list it in the option `allowNames`.',
      lazyResource:
        '`{{name}}` is made or changed in {{function}} (line {{line}}) when it is first needed. Make it when the process starts, and pass it as an argument.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          allowNames: {
            type: 'array',
            items: { type: 'string' },
            uniqueItems: true,
            description:
              'Bindings, `Class.field`s or `globalThis.property`s that may hold state: exact names, or regular expressions between slashes.',
          },
          allowFiles: {
            type: 'array',
            items: { type: 'string' },
            uniqueItems: true,
            description: 'Globs of files, relative to the working directory, that may hold state.',
          },
          allowConstructors: {
            type: 'array',
            items: { type: 'string' },
            uniqueItems: true,
            description:
              'Constructors and functions whose results may live at module level: exact names, or regular expressions between slashes.',
          },
          reportLazyResources: {
            type: 'boolean',
            description:
              'Whether to report what holds no data, too: clients, loggers, pools, handlers and start-up flags set after the module has loaded.',
          },
        },
      },
    ],
    defaultOptions: [defaults as NoModuleStateOptions],
    strictOptions: [{ reportLazyResources: true }],
  },
  create(context, [options]) {
    const {
      allowNames = defaults.allowNames,
      allowFiles = defaults.allowFiles,
      allowConstructors = defaults.allowConstructors,
      reportLazyResources = defaults.reportLazyResources,
    } = options;
    const isAllowedName = getNameTest('allowNames', allowNames);
    const isAllowedConstructor = getNameTest('allowConstructors', allowConstructors);
    if (
      isDeclarationFile(context.filename) ||
      matchesGlobs(context.filename, context.cwd, allowFiles)
    )
      return {};
    const thisUses = new ThisUses();

    function report(state: ModuleState): void {
      if (isAllowedName(state.name)) return;
      if ('lazy' in state && state.lazy) {
        if (reportLazyResources)
          context.report({ node: state.node, messageId: 'lazyResource', data: describe(state) });
        return;
      }
      context.report({ node: state.node, messageId: getMessageId(state), data: describe(state) });
    }

    return {
      ThisExpression(node) {
        thisUses.add(node);
      },
      CallExpression(node) {
        const store = getMemoryStore(context.sourceCode, node);
        if (!store || isAllowedConstructor(store.name)) return;
        report({ node, name: store.name, where: 'memory store', option: store.option });
      },
      'Program:exit'() {
        for (const state of findModuleState(context.sourceCode, context.filename, thisUses, {
          isAllowedConstructor,
        }))
          report(state);
      },
    };
  },
});

function getMessageId(state: ModuleState) {
  switch (state.where) {
    case 'binding':
      return 'writtenBinding';
    case 'static':
      return 'writtenStatic';
    case 'global':
      return 'writtenGlobal';
    case 'memory store':
      return 'memoryStore';
    default:
      return state.where;
  }
}

function describe(state: ModuleState): Record<string, string | number> {
  return {
    name: state.name,
    mend: MEND,
    ...('inner' in state && { inner: state.inner }),
    ...('write' in state && {
      function: describeFunction(state.write.deferring),
      line: state.write.node.loc.start.line,
      place: describePlace(state),
    }),
    ...('decorator' in state && { decorator: state.decorator }),
    ...('option' in state && { option: state.option }),
    ...('constructedBy' in state && { constructedBy: state.constructedBy }),
  };
}

/** `line 5`, or `ttl-cache.ts:5` where the write is in another file. */
function describePlace(state: ModuleState & { readonly write: StateWrite }): string {
  const { line } = state.write.node.loc.start;
  const file = 'file' in state ? state.file : null;
  return file === null ? `line ${line}` : `${basename(file)}:${line}`;
}

function describeFunction(node: TSESTree.Node): string {
  const name = getFunctionName(node);
  return name === null ? 'a function' : `\`${name}\``;
}

function isDeclarationFile(filename: string): boolean {
  return /\.d\.[cm]?ts$/.test(filename);
}
