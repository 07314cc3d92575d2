import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { unwrapExpression } from '../../program/unwrap-expression.js';

/** `new Map()`, `[]`, `{}` and `Object.create(null)` hold nothing that could be taken for a lock. */
export function isEmptyValue(context: ProgramContext, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const inner = unwrapExpression(context, node);
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.length === 0;
  if (ts.isNewExpression(inner)) {
    return (
      (inner.arguments?.length ?? 0) === 0 &&
      /^(?:Weak)?(?:Map|Set)$|^Array$/.test(inner.expression.getText())
    );
  }
  if (ts.isObjectLiteralExpression(inner) && inner.properties.length === 0) {
    const { parent } = inner;
    return checker.getIndexInfosOfType(checker.getTypeAtLocation(parent)).length > 0;
  }
  if (!ts.isCallExpression(inner)) return false;
  const called = getCalledName(context, inner);
  const [prototype] = inner.arguments;
  return called?.name === 'create' && prototype?.kind === ts.SyntaxKind.NullKeyword;
}
