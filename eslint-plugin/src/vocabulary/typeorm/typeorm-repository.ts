import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getClass, hasDecorator } from '../entities/entity-class.js';

const ENTITY = /^(?:Entity|ChildEntity|ViewEntity)$/;
const DEPTH = 4;

/** The class of an entity, or the expression that names one that only the flow knows. */
export type EntityName = ts.ClassLikeDeclaration | ts.Expression;

/** The entity that an expression names, if it is the class of one. */
export function getEntityClass(
  context: ProgramContext,
  node: ts.Expression,
): ts.ClassLikeDeclaration | null {
  const declaration = getClass(context, node);
  return declaration && isEntity(context, declaration) ? declaration : null;
}

function isEntity(context: ProgramContext, node: ts.ClassLikeDeclaration): boolean {
  return hasDecorator(context, node, ENTITY);
}

/** The entity of a repository: by `getRepository(Order)`, or by a type such as `Repository<Order>`. */
export function getRepositoryEntity(
  context: ProgramContext,
  node: ts.Expression,
  depth = DEPTH,
): EntityName | null {
  if (depth === 0) return null;
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (ts.isAwaitExpression(value)) return getRepositoryEntity(context, value.expression, depth);
  if (ts.isCallExpression(value)) return getCalledEntity(context, value, depth);
  if (value.kind === ts.SyntaxKind.ThisKeyword) return getExtendedEntity(context, value);
  const declaration = getDeclaration(context, value);
  if (!declaration) return null;
  const { type, initializer } = declaration as ts.VariableDeclaration;
  const named = type ? getTypeEntity(context, type) : null;
  if (named) return named;
  return initializer ? getRepositoryEntity(context, initializer, depth - 1) : null;
}

/** `connection.getRepository(Order)`; an argument before it is the context of a request. */
function getCalledEntity(
  context: ProgramContext,
  { expression, arguments: args }: ts.CallExpression,
  depth: number,
): EntityName | null {
  const { ts } = context;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
  const last = args.at(-1);
  if (/^get\w*Repository$/.test(name) && last) {
    for (const argument of args) {
      const entity = getEntityClass(context, argument);
      if (entity) return entity;
    }
    return ts.isIdentifier(last) && depth > 0 ? last : null;
  }
  // `repository.extend(…)` and `manager.withRepository(repository)` are of the same entity.
  if (name === 'withRepository' && last) return getRepositoryEntity(context, last, depth - 1);
  return null;
}

/** `Repository<Order>`, and a class that extends it. */
function getTypeEntity(context: ProgramContext, type: ts.TypeNode): ts.ClassLikeDeclaration | null {
  const { ts } = context;
  if (!ts.isTypeReferenceNode(type)) return null;
  const [argument] = type.typeArguments ?? [];
  if (
    type.typeName.getText().endsWith('Repository') &&
    argument &&
    ts.isTypeReferenceNode(argument)
  ) {
    const { typeName } = argument;
    return ts.isIdentifier(typeName) ? getEntityClass(context, typeName) : null;
  }
  const declared = ts.isIdentifier(type.typeName) ? getClass(context, type.typeName) : null;
  return declared ? getBaseEntity(context, declared) : null;
}

function getExtendedEntity(context: ProgramContext, node: ts.Node): ts.ClassLikeDeclaration | null {
  const owner = context.ts.findAncestor(node, context.ts.isClassLike);
  return owner ? getBaseEntity(context, owner) : null;
}

/** `class Orders extends Repository<Order>` */
function getBaseEntity(
  context: ProgramContext,
  { heritageClauses }: ts.ClassLikeDeclaration,
): ts.ClassLikeDeclaration | null {
  const { ts } = context;
  for (const { types } of heritageClauses ?? []) {
    for (const { expression, typeArguments } of types) {
      const [argument] = typeArguments ?? [];
      if (!expression.getText().endsWith('Repository') || !argument) continue;
      if (ts.isTypeReferenceNode(argument) && ts.isIdentifier(argument.typeName)) {
        return getEntityClass(context, argument.typeName);
      }
    }
  }
  return null;
}
