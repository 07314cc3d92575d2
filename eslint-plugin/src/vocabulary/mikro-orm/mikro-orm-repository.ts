import type ts from 'typescript';
import { getDeclaration } from '../../program/declared-symbol.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';
import { getClass } from '../entities/entity-class.js';

/** The entity of a repository: by `em.getRepository(Order)`, or by a type such as `EntityRepository<Order>`. */
export function getRepositoryClass(
  context: ProgramContext,
  node: ts.Expression,
): ts.ClassLikeDeclaration | null {
  const { ts } = context;
  const value = unwrapExpression(context, node);
  if (ts.isCallExpression(value)) {
    const [entity] = value.arguments;
    const isGetter = value.expression.getText().endsWith('.getRepository');
    return isGetter && entity ? getClass(context, entity) : null;
  }
  const declaration = getDeclaration(context, value);
  if (!declaration) return null;
  const { type, initializer } = declaration as ts.VariableDeclaration;
  if (type && ts.isTypeReferenceNode(type) && type.typeName.getText().endsWith('Repository')) {
    const [argument] = type.typeArguments ?? [];
    return argument && ts.isTypeReferenceNode(argument) && ts.isIdentifier(argument.typeName)
      ? getClass(context, argument.typeName)
      : null;
  }
  return initializer && ts.isCallExpression(initializer)
    ? getRepositoryClass(context, initializer)
    : null;
}
