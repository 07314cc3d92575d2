import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { getCalleeName, getKeyName } from '../../syntax/member-access.js';
import type { ClassNode } from './class-node.js';
import { getDefinition } from './definitions.js';
import { isFunction } from './initialisation.js';
import { getFieldWrites, getMethodName, isConstructor, type FieldWrite } from './instance-state.js';
import { isLifecycleFlag } from './lazy-resource.js';
import { isMetric } from './process-own.js';
import type { StateWrite } from './state-write.js';
import type { StateWrites } from './state-writes.js';
import type { ThisUses } from './this-uses.js';

/** Decorators of which a container makes one instance for the process, unless an option says otherwise. */
const SINGLETON_DECORATORS: Readonly<Record<string, readonly string[]>> = {
  '@nestjs/common': ['Injectable', 'Controller', 'Catch'],
  '@nestjs/websockets': ['WebSocketGateway'],
  '@nestjs/graphql': ['Resolver'],
  '@nestjs/bull': ['Processor'],
  '@nestjs/bullmq': ['Processor'],
  '@tsed/di': ['Injectable', 'Service', 'Controller'],
  'routing-controllers': ['Controller', 'JsonController'],
  tsyringe: ['singleton'],
  typedi: ['Service'],
};

/** Methods that a container calls while it puts the process together or takes it apart. */
const HOOK =
  /^(?:onModuleInit|onApplicationBootstrap|onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown|afterInit|configure|\$on\w+)$/;

/** A field in which the one instance of a class keeps something from one call to the next. */
export interface InjectedField {
  readonly name: string;
  readonly write: StateWrite;
}

/** The fields in which a class keeps state, of which a container makes one instance. */
export function getInjectedFields(
  node: ClassNode,
  thisUses: ThisUses,
  stateWrites: StateWrites,
): readonly InjectedField[] {
  const writes = getFieldWrites(node, thisUses, stateWrites);
  const fields = new Map<string, InjectedField>();
  for (const write of writes) {
    const name = write.write.path[0] ?? null;
    if (name === null || fields.has(name) || isMetric(name)) continue;
    if (!write.isKept && !isReplacedData(write, writes)) continue;
    fields.set(name, { name, write: write.write });
  }
  return [...fields.values()];
}

/** The decorator that says so, by the name that its package exports; `null` when none does. */
export function getSingletonDecorator(
  node: ClassNode,
  sourceCode: Readonly<SourceCode>,
): string | null {
  for (const { expression } of node.decorators ?? []) {
    const call = expression.type === AST_NODE_TYPES.CallExpression ? expression : null;
    const name = call ? call.callee : expression;
    if (name.type !== AST_NODE_TYPES.Identifier) continue;
    const imported = getDefinition(sourceCode, name)?.node;
    if (imported?.type !== AST_NODE_TYPES.ImportSpecifier) continue;
    const module = (imported.parent as TSESTree.ImportDeclaration).source.value;
    const names = Object.hasOwn(SINGLETON_DECORATORS, module) ? SINGLETON_DECORATORS[module] : [];
    const original = getCalleeName(imported.imported) ?? name.name;
    if (names?.includes(original) === true && !hasOwnScope(call)) return original;
  }
  return null;
}

/** `@Injectable({ scope: Scope.REQUEST })`, `@Service({ transient: true })` */
function hasOwnScope(call: TSESTree.CallExpression | null): boolean {
  return (call?.arguments ?? []).some(
    (argument) =>
      argument.type === AST_NODE_TYPES.ObjectExpression &&
      argument.properties.some(
        (property) =>
          property.type === AST_NODE_TYPES.Property &&
          /^(?:scope|transient)$/.test(getKeyName(property) ?? '') &&
          !/^(?:DEFAULT|SINGLETON)$/.test(getCalleeName(property.value) ?? ''),
      ),
  );
}

/**
 * A number, text or flag that a method gives a new value. A flag that tells how far the process has come is its own, but not
 * one that a method raises and lowers around its work: that is meant to keep a second one out.
 */
function isReplacedData({ write, kind }: FieldWrite, all: readonly FieldWrite[]): boolean {
  const { how, path, deferring } = write;
  if (how !== 'replace' || path.length !== 1 || kind.kind !== 'primitive') return false;
  if (!isFunction(deferring) || isConstructor(deferring)) return false;
  if (HOOK.test(getMethodName(deferring))) return false;
  return !isLifecycleFlag(path[0] ?? '') || isLowered(write, all);
}

function isLowered({ path, deferring, value }: StateWrite, all: readonly FieldWrite[]): boolean {
  return all.some(
    ({ write }) =>
      write.path[0] === path[0] &&
      write.deferring === deferring &&
      write.value?.type === AST_NODE_TYPES.Literal &&
      value?.type === AST_NODE_TYPES.Literal &&
      write.value.value !== value.value,
  );
}

/** Where a class declares a field, or else the class. */
export function getMember(node: ClassNode, name: string): TSESTree.Node {
  for (const member of node.body.body) {
    if (member.type === AST_NODE_TYPES.PropertyDefinition && getKeyName(member) === name) {
      return member.key;
    }
  }
  return node.id ?? node;
}
