import type ts from 'typescript';
import { getCalledName } from '../../program/called-name.js';
import type { ProgramContext } from '../../program/program-context.js';
import { getTypeArguments } from '../forged/type-facts.js';
import type { Frame } from './frame.js';
import { findUnfoundedMember } from './unfounded-classes.js';
import { firstUnknown, type Unknown } from './origin.js';
import type { Tracer } from './tracer.js';

/** Where what `new` makes comes from. What its constructor is given is checked where it is given. */
export function traceNew(
  tracer: Tracer,
  node: ts.NewExpression,
  frame: Frame | null,
): Unknown | null {
  const { context } = tracer;
  const name = getCalledName(context, node)?.name;
  if (name === 'Proxy') return { reason: 'copied', node };
  if (name === 'Array' && isMadeWithLength(context, node)) return { reason: 'missing', node };
  if (tracer.subject !== 'lock') return null;
  const type = context.checker.getTypeAtLocation(node);
  const declaration = type.symbol?.valueDeclaration;
  if (!declaration || !context.ts.isClassLike(declaration)) {
    return frame && traceArguments(tracer, node, frame);
  }
  if (declaration.getSourceFile().isDeclarationFile)
    return frame && traceArguments(tracer, node, frame);
  const place = findUnfoundedMember(context, declaration, (index) => {
    const argument = getTypeArguments(context, type)[index];
    return argument !== undefined && tracer.holds(argument, frame);
  });
  return place && { reason: 'generic', node, place };
}

/** In a generic, what a constructor is given has an open type, and is not checked where it is given. */
function traceArguments(tracer: Tracer, node: ts.NewExpression, frame: Frame): Unknown | null {
  const { ts } = tracer.context;
  return firstUnknown(node.arguments ?? [], (argument) =>
    tracer.trace(ts.isSpreadElement(argument) ? argument.expression : argument, frame),
  );
}

/** `new Array(3)` has three places and nothing in them. */
function isMadeWithLength({ ts, checker }: ProgramContext, node: ts.NewExpression): boolean {
  const [length, ...others] = node.arguments ?? [];
  if (!length || others.length > 0) return false;
  return (checker.getTypeAtLocation(length).flags & ts.TypeFlags.NumberLike) !== 0;
}
