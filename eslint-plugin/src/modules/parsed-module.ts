import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { analyze } from '@typescript-eslint/scope-manager';
import type { ScopeManager } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import * as espree from 'espree';

/** Another file of the project, as ESLint would have read it. */
export interface ParsedModule {
  readonly file: string;
  readonly ast: TSESTree.Program;
  /** Its scopes and names; nothing of its text. */
  readonly sourceCode: Readonly<SourceCode>;
  readonly thisExpressions: readonly TSESTree.ThisExpression[];
}

type VisitorKeys = SourceCode['visitorKeys'];

interface Parsed {
  readonly ast: TSESTree.Program;
  readonly scopeManager: ScopeManager;
}

interface Known {
  readonly changed: number;
  readonly module: ParsedModule | null;
}

const require = createRequire(import.meta.url);

// eslint-disable-next-line @justscale/no-module-state -- what the files say, while they are as they were
const modules = new Map<string, Known>();

/** Reads a file of the project; `null` when it cannot be read. */
export function parseModule(file: string, visitorKeys: VisitorKeys): ParsedModule | null {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const known = modules.get(file);
  if (known?.changed === changed) return known.module;
  const module = readModule(file, visitorKeys);
  modules.set(file, { changed, module });
  return module;
}

function readModule(file: string, visitorKeys: VisitorKeys): ParsedModule | null {
  try {
    const code = readFileSync(file, 'utf8');
    const { ast, scopeManager } = /\.[cm]?tsx?$/.test(file)
      ? parseTypeScript(code, file)
      : parseJavaScript(code);
    const thisExpressions = link(ast, visitorKeys);
    const sourceCode = toSourceCode(ast, scopeManager, visitorKeys);
    return { file, ast, sourceCode, thisExpressions };
  } catch {
    // What is wrong with a file is reported when that file is linted.
    return null;
  }
}

function parseTypeScript(code: string, filePath: string): Parsed {
  const parser = require('@typescript-eslint/parser') as {
    parseForESLint(code: string, options: object): Parsed;
  };
  return parser.parseForESLint(code, { filePath, loc: true, range: true, sourceType: 'module' });
}

/** JavaScript needs no TypeScript. */
function parseJavaScript(code: string): Parsed {
  const ast = espree.parse(code, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    ecmaFeatures: { jsx: true },
    loc: true,
    range: true,
  }) as unknown as TSESTree.Program;
  return { ast, scopeManager: analyze(ast, { sourceType: 'module' }) };
}

/** Tells every node its parent. */
function link(ast: TSESTree.Program, visitorKeys: VisitorKeys): readonly TSESTree.ThisExpression[] {
  const found: TSESTree.ThisExpression[] = [];
  const visit = (node: TSESTree.Node): void => {
    if (node.type === AST_NODE_TYPES.ThisExpression) found.push(node);
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const part of Array.isArray(child) ? child : [child]) {
        if (!isNode(part)) continue;
        (part as { parent: TSESTree.Node }).parent = node;
        visit(part);
      }
    }
  };
  visit(ast);
  return found;
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function toSourceCode(
  ast: TSESTree.Program,
  scopeManager: ScopeManager,
  visitorKeys: VisitorKeys,
): Readonly<SourceCode> {
  const source: Partial<SourceCode> = {
    ast: ast as SourceCode['ast'],
    scopeManager,
    visitorKeys,
    getDeclaredVariables: (node) => scopeManager.getDeclaredVariables(node),
    getScope(node) {
      const isInner = node.type !== AST_NODE_TYPES.Program;
      for (let at: TSESTree.Node | undefined = node; at; at = at.parent) {
        const scope = scopeManager.acquire(at, isInner);
        if (!scope) continue;
        const type: string = scope.type;
        const isOfName = type === 'function-expression-name';
        return isOfName ? (scope.childScopes[0] ?? scope) : scope;
      }
      const [first] = scopeManager.scopes;
      if (!first) throw new TypeError('a module has a scope');
      return first;
    },
  };
  return source as SourceCode;
}
