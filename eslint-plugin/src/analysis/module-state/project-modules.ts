import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { findExport, type ExportedNode } from '../../modules/find-export.js';
import { parseModule, type ParsedModule } from '../../modules/parsed-module.js';
import { resolveModule } from '../../modules/resolve-module.js';
import { getImportedName } from '../../syntax/imported-name.js';
import { getLocal } from './definitions.js';
import { isFunction } from './initialisation.js';
import { ModuleAnalysis } from './module-analysis.js';

/** A class or function, and the module that it stands in. */
export interface Declared {
  readonly node: TSESTree.Node;
  readonly analysis: ModuleAnalysis;
}

const analyses = new WeakMap<ParsedModule, ModuleAnalysis>();

/** The other modules of the project, as far as one of its modules names them: by a relative path, or by one of `paths`. */
export class ProjectModules {
  readonly #visitorKeys: SourceCode['visitorKeys'];
  readonly #pending = new Set<TSESTree.Node>();

  constructor(visitorKeys: SourceCode['visitorKeys']) {
    this.#visitorKeys = visitorKeys;
  }

  /** The class or function that a name stands for in a module, wherever the project declares it. */
  getDeclared(from: ModuleAnalysis, name: TSESTree.Expression): Declared | null {
    const local = getLocal(from.sourceCode, name);
    if (local) return { node: local, analysis: from };
    const exported = this.getImported(from, name);
    if (!exported) return null;
    const node = getCode(exported.node);
    return node && { node, analysis: getAnalysis(exported.module) };
  }

  /** What a name that a module imports stands for in another module of the project; `null` for what packages export. */
  getImported(from: ModuleAnalysis, name: TSESTree.Node): ExportedNode | null {
    const imported = getImportedName(name);
    if (imported?.name == null) return null;
    const module = this.#load(imported.module, from.file);
    return module && findExport((next, by) => this.#load(next, by), module, imported.name);
  }

  /** Answers a question about a node, unless it is being answered already: a class may hold one of its own. */
  once<Answer>(node: TSESTree.Node, ask: () => Answer): Answer | null {
    if (this.#pending.has(node)) return null;
    this.#pending.add(node);
    try {
      return ask();
    } finally {
      this.#pending.delete(node);
    }
  }

  #load(specifier: string, from: string): ParsedModule | null {
    const file = resolveModule(specifier, from);
    return file === null ? null : parseModule(file, this.#visitorKeys);
  }
}

function getAnalysis(module: ParsedModule): ModuleAnalysis {
  let analysis = analyses.get(module);
  if (!analysis) {
    analysis = new ModuleAnalysis(module.sourceCode, module.file, true);
    for (const node of module.thisExpressions) analysis.thisUses.add(node);
    analyses.set(module, analysis);
  }
  return analysis;
}

/** A class or function, or one that a `const` is. */
function getCode(node: TSESTree.Node): TSESTree.Node | null {
  const value = node.type === AST_NODE_TYPES.VariableDeclarator ? node.init : node;
  const isCode =
    value !== null &&
    (isFunction(value) ||
      value.type === AST_NODE_TYPES.ClassDeclaration ||
      value.type === AST_NODE_TYPES.ClassExpression);
  return isCode ? value : null;
}
