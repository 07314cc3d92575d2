import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { ClassNode } from './class-node.js';

interface ClassUses {
  readonly instances: TSESTree.ThisExpression[];
  readonly statics: TSESTree.ThisExpression[];
}

/**
 * Which `this` stands for an instance of a class, for the class itself, or for an object literal. Few modules hold
 * anything whose own code matters: until somebody asks, the places are only gathered.
 */
export class ThisUses {
  readonly #classes = new Map<ClassNode, ClassUses>();
  readonly #literals = new Map<TSESTree.ObjectExpression, TSESTree.ThisExpression[]>();
  #gathered: TSESTree.ThisExpression[] = [];

  add(node: TSESTree.ThisExpression): void {
    this.#gathered.push(node);
  }

  #sort(): void {
    for (const node of this.#gathered) this.#addToOwner(node);
    this.#gathered = [];
  }

  #addToOwner(node: TSESTree.ThisExpression): void {
    for (let at: TSESTree.Node = node; at.parent; at = at.parent) {
      const parent: TSESTree.Node = at.parent;
      switch (at.type) {
        case AST_NODE_TYPES.FunctionDeclaration:
          return;
        case AST_NODE_TYPES.FunctionExpression:
          if (parent.type === AST_NODE_TYPES.MethodDefinition)
            this.#addToClass(parent.parent.parent, parent.static, node);
          else if (
            parent.type === AST_NODE_TYPES.Property &&
            parent.parent.type === AST_NODE_TYPES.ObjectExpression
          )
            this.#addToLiteral(parent.parent, node);
          return;
        case AST_NODE_TYPES.StaticBlock:
          this.#addToClass(at.parent.parent, true, node);
          return;
        default:
          if (parent.type === AST_NODE_TYPES.PropertyDefinition && parent.value === at) {
            this.#addToClass(parent.parent.parent, parent.static, node);
            return;
          }
      }
    }
  }

  ofInstances(node: ClassNode): readonly TSESTree.ThisExpression[] {
    this.#sort();
    return this.#classes.get(node)?.instances ?? [];
  }

  ofClass(node: ClassNode): readonly TSESTree.ThisExpression[] {
    if (!node.body.body.some(isStatic)) return [];
    this.#sort();
    return this.#classes.get(node)?.statics ?? [];
  }

  ofLiteral(node: TSESTree.ObjectExpression): readonly TSESTree.ThisExpression[] {
    if (!node.properties.some(isMethod)) return [];
    this.#sort();
    return this.#literals.get(node) ?? [];
  }

  #addToClass(node: ClassNode, isStatic: boolean, use: TSESTree.ThisExpression): void {
    let uses = this.#classes.get(node);
    if (!uses) this.#classes.set(node, (uses = { instances: [], statics: [] }));
    (isStatic ? uses.statics : uses.instances).push(use);
  }

  #addToLiteral(node: TSESTree.ObjectExpression, use: TSESTree.ThisExpression): void {
    const uses = this.#literals.get(node);
    if (uses) uses.push(use);
    else this.#literals.set(node, [use]);
  }
}

function isStatic(member: TSESTree.ClassElement): boolean {
  return member.type === AST_NODE_TYPES.StaticBlock || ('static' in member && member.static);
}

function isMethod(member: TSESTree.ObjectLiteralElement): boolean {
  return (
    member.type === AST_NODE_TYPES.Property &&
    member.value.type === AST_NODE_TYPES.FunctionExpression
  );
}
