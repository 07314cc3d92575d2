import type ts from 'typescript';
import { reachesPackage } from '#dist/program/imported-modules.js';
import type { Effect, EffectNode, FieldCondition, Where } from '#dist/vocabulary/effect.js';
import type { Resolver, Vocabulary } from '#dist/vocabulary/vocabulary.js';

const METHODS = ['get', 'list', 'count', 'take', 'put', 'add', 'locked'];

/**
 * A library that exists nowhere, known by its imports alone:
 *
 *     import { openLedger, type Tx } from 'ledger';
 *     const ledger = openLedger('…');
 *     await ledger.table('accounts').get({ id });                  // one row; `list` and `count`: many
 *     await ledger.table('accounts').put({ id }, { balance: 3 });  // writes where all fields are equal
 *     await ledger.table('accounts').add({ id, balance: 3 });
 *     await ledger.locked(async (tx) => tx.table('accounts').take({ id }));
 */
export const ledger: Vocabulary = {
  name: 'ledger',
  methods: new Set(METHODS),
  conflictErrors: new Set(['TakenError']),
  appliesTo: (context, file) => reachesPackage(context, file, ['ledger']),
  recognise,
};

const CLIENTS = /^openLedger \(\)$|^openLedger \(\) \.locked \(0\) \(0\)$|^Tx type$/;

function recognise(resolver: Resolver, node: EffectNode): Effect | null {
  const { ts } = resolver.context;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const { expression: receiver, name } = node.expression;
  const [first = null, second = null] = node.arguments;
  const others: readonly ts.Expression[] = [];
  if (name.text === 'locked') {
    const isolation = 'read committed';
    return isClient(resolver, receiver)
      ? { kind: 'transaction', work: first, clientParameter: 0, isolation, others }
      : null;
  }
  const model = getTable(resolver, receiver);
  if (model === null) return null;
  const rows = { kind: 'where', where: getWhere(resolver, first) } as const;
  switch (name.text) {
    case 'get':
      return { kind: 'read', result: 'one', model, rows, order: [], others };
    case 'list':
      return { kind: 'read', result: 'many', model, rows, order: [], others };
    case 'count':
      return { kind: 'read', result: 'count', model, rows, order: [], others };
    case 'take':
      return { kind: 'lock', result: 'one', model, rows, order: [], isBlocking: true, others };
    case 'put': {
      const patch = second && ({ kind: 'object', node: second, atomic: [] } as const);
      return { kind: 'write', operation: 'update', model, rows, patch, outcome: 'count', others };
    }
    case 'add':
      return { kind: 'insert', model, data: first, conflict: 'throws', others };
    default:
      return null;
  }
}

function isClient({ originOf }: Resolver, node: ts.Node): boolean {
  const origin = originOf(node);
  return origin?.module === 'ledger' && CLIENTS.test(origin.path.join(' '));
}

/** `client.table('name')`, or a name for it. */
function getTable(resolver: Resolver, node: ts.Expression): string | null {
  const { ts, checker } = resolver.context;
  if (ts.isIdentifier(node)) {
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
    if (!declaration || !ts.isVariableDeclaration(declaration)) return null;
    return declaration.initializer ? getTable(resolver, declaration.initializer) : null;
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  const [table] = node.arguments;
  if (node.expression.name.text !== 'table' || !table || !ts.isStringLiteral(table)) return null;
  return isClient(resolver, node.expression.expression) ? `ledger:${table.text}` : null;
}

function getWhere({ context: { ts } }: Resolver, node: ts.Expression | null): Where {
  const conditions: FieldCondition[] = [];
  for (const property of node && ts.isObjectLiteralExpression(node) ? node.properties : []) {
    if (ts.isShorthandPropertyAssignment(property)) {
      conditions.push({ field: property.name.text, comparison: 'equal', value: property.name });
    } else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)) {
      const { name, initializer: value } = property;
      conditions.push({ field: name.text, comparison: 'equal', value });
    }
  }
  return { conditions, keys: [['id']], idField: 'id', rest: [] };
}
