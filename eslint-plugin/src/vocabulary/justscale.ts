import type ts from 'typescript';
import type { ProgramContext } from '../program/program-context.js';
import { getCalledName } from '../program/called-name.js';
import { isDeclaredByRuntime, isRuntimeSource, usesRuntime } from '../program/runtime-package.js';
import { unwrapExpression } from '../program/unwrap-expression.js';
import type {
  Comparison,
  Effect,
  EffectNode,
  FieldCondition,
  Isolation,
  Model,
  Patch,
  Rows,
  Where,
} from './effect.js';
import { getEntityType } from './entity-type.js';
import { getOperation, OPERATION_NAMES, type Operation } from './operation.js';
import type { EntityFact, Resolver, Vocabulary } from './vocabulary.js';

/** The runtime's own repositories, stores and signals, known by their types. */
export const justscale: Vocabulary = {
  name: 'justscale',
  methods: OPERATION_NAMES,
  conflictErrors: new Set(['DuplicateEntityError']),
  // An entity may come from anywhere: where there is a runtime at all, types tell.
  appliesTo: ({ program }, file) => usesRuntime(program) && !isRuntimeSource(program, file),
  recognise: ({ context }, node) => recognise(context, node),
  entityAt,
};

function entityAt({ context }: Resolver, node: ts.Node): EntityFact | null {
  const type = getEntityType(context, context.checker.getTypeAtLocation(node));
  if (!type || type.state === 'transient') return null;
  return { state: type.state, model: modelOf(type.model), isCollection: type.isCollection };
}

/** Two models may have one name; where they are declared tells them apart. */
function modelOf(symbol: ts.Symbol | null): Model {
  if (!symbol) return null;
  const [declaration] = symbol.declarations ?? [];
  const place = declaration && `${declaration.getSourceFile().fileName}:${String(declaration.pos)}`;
  return `justscale:${symbol.name}#${place ?? ''}`;
}

function recognise(context: ProgramContext, node: EffectNode): Effect | null {
  if (!context.ts.isCallExpression(node)) return null;
  const operation = getOperation(context, node);
  return operation && toEffect(context, node, operation);
}

function toEffect(context: ProgramContext, node: ts.CallExpression, operation: Operation): Effect {
  const model = modelOf(operation.model);
  const [first = null, second = null, ...rest] = node.arguments;
  const receiver = receiverOf(context, node);
  const after = (...parts: readonly (ts.Expression | null)[]) =>
    [...receiver, ...parts, ...rest].filter((part) => part !== null);
  const rows: Rows = { kind: 'named', node: first };
  switch (operation.name) {
    case 'ref':
      return { kind: 'ref', model, rows, others: after(second) };
    case 'get':
      return { kind: 'read', result: 'one', model, rows, order: [], others: after(second) };
    case 'findOne':
    case 'find':
      return {
        kind: 'read',
        result: operation.name === 'find' ? 'many' : 'one',
        model,
        rows: { kind: 'where', where: getWhere(context, first) },
        order: getOrder(context, second),
        others: after(second),
      };
    case 'lock':
    case 'lockMany':
      return {
        kind: 'lock',
        result: operation.name === 'lock' ? 'one' : 'many',
        model,
        rows,
        order: [],
        isBlocking: isWaiting(context, second),
        others: after(second),
      };
    case 'lockWhere':
      return {
        kind: 'lock',
        result: 'many',
        model,
        rows: { kind: 'where', where: getWhere(context, first) },
        order: getOrder(context, second),
        isBlocking: isWaiting(context, second),
        others: after(second),
      };
    case 'update':
    case 'delete':
      return {
        kind: 'write',
        operation: operation.name,
        model,
        rows,
        patch: operation.name === 'update' ? toPatch(second) : null,
        outcome: 'throws',
        others: after(operation.name === 'update' ? null : second),
      };
    case 'save':
      return { kind: 'insert', model, data: first, conflict: 'throws', others: after(second) };
    case 'saveMany':
      return {
        kind: 'insert',
        model,
        data: null,
        conflict: 'throws',
        others: after(first, second),
      };
    case 'mutate':
      return { kind: 'mutate', model, rows, change: second, others: after() };
    case 'transaction':
      return {
        kind: 'transaction',
        work: first,
        clientParameter: null,
        isolation: getIsolation(context, second),
        others: after(second),
      };
    case 'savepoint':
      // It is a part of the transaction that it is in, and so are the locks that it takes.
      return {
        kind: 'transaction',
        work: first,
        clientParameter: null,
        isolation: 'read committed',
        others: after(second),
      };
    case 'afterCommit':
      // By then the locks are gone.
      return { kind: 'subscribe', callbacks: node.arguments, others: receiver };
    case 'lockName':
      return { kind: 'lock name', name: first, isBlocking: true, others: after(second) };
    case 'subscribe':
      return { kind: 'subscribe', callbacks: node.arguments, others: receiver };
    case 'stream':
      return { kind: 'stream', others: receiver };
    case 'emit':
    case 'close':
      return { kind: 'emit', others: after(first, second) };
  }
}

/** What stands before the method, when it is more than a name: it runs first. */
function receiverOf({ ts }: ProgramContext, { expression }: ts.CallExpression) {
  return ts.isPropertyAccessExpression(expression) && !ts.isIdentifier(expression.expression)
    ? [expression.expression]
    : [];
}

function toPatch(node: ts.Expression | null): Patch | null {
  return node && { kind: 'object', node, atomic: [] };
}

function getIsolation(context: ProgramContext, options: ts.Expression | null): Isolation {
  const level = getOption(context, options, 'isolation');
  const text = level && context.ts.isStringLiteralLike(level) ? level.text : '';
  return text === 'serializable' || text === 'repeatable read' ? text : 'read committed';
}

/** What the functions of the runtime that make a condition compare with. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  gt: 'more',
  gte: 'more',
  lt: 'less',
  lte: 'less',
  not: 'unequal',
  oneOf: 'one of',
};

/** `balance: 5`, `balance: gte(5)` */
function getCondition(
  context: ProgramContext,
  field: string,
  node: ts.Expression,
): FieldCondition | null {
  const { ts, checker, program } = context;
  const value = unwrapExpression(context, node);
  if (!ts.isCallExpression(value)) return { field, comparison: 'equal', value: node };
  const declaration = checker.getResolvedSignature(value)?.declaration;
  if (!declaration || !isDeclaredByRuntime(program, declaration)) {
    return { field, comparison: 'equal', value: node };
  }
  const name = getCalledName(context, value)?.name ?? '';
  const [compared] = value.arguments;
  return Object.hasOwn(COMPARISONS, name) && compared
    ? { field, comparison: COMPARISONS[name] ?? 'other', value: compared }
    : null;
}

/** The `where` of a query is an object of fields, each with its value or with a condition. */
function getWhere(context: ProgramContext, node: ts.Expression | null): Where {
  const { ts } = context;
  const where = { keys: [], idField: 'id' };
  if (!node || !ts.isObjectLiteralExpression(node)) {
    return { ...where, conditions: [], rest: node ? [node] : [] };
  }
  const conditions: FieldCondition[] = [];
  const rest: ts.Expression[] = [];
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      rest.push(property.expression);
    } else if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)) {
      const condition = getCondition(context, property.name.text, property.initializer);
      if (condition) conditions.push(condition);
      else rest.push(property.initializer);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      const { name } = property;
      conditions.push({ field: name.text, comparison: 'equal', value: name });
    }
  }
  return { ...where, conditions, rest };
}

function getOrder(context: ProgramContext, options: ts.Expression | null): readonly string[] {
  const { ts } = context;
  const order = getOption(context, options, 'orderBy');
  if (!order) return [];
  if (ts.isStringLiteralLike(order)) return [order.text];
  if (!ts.isObjectLiteralExpression(order)) return [];
  return order.properties.flatMap(({ name }) =>
    name && !ts.isComputedPropertyName(name) ? [name.text] : [],
  );
}

/** Whether `lock` with these options waits for whoever holds the row. */
function isWaiting(context: ProgramContext, options: ts.Expression | null): boolean {
  const wait = getOption(context, options, 'wait');
  return !wait || !context.ts.isStringLiteralLike(wait) || wait.text === 'block';
}

function getOption(
  context: ProgramContext,
  options: ts.Expression | null,
  name: string,
): ts.Expression | null {
  const { ts } = context;
  const literal = options && unwrapExpression(context, options);
  if (!literal || !ts.isObjectLiteralExpression(literal)) return null;
  for (const property of literal.properties) {
    if (ts.isPropertyAssignment(property) && property.name.getText() === name) {
      return unwrapExpression(context, property.initializer);
    }
  }
  return null;
}
