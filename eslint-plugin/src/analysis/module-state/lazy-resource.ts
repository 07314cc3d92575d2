import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { isFunction } from './initialisation.js';
import { isKnownCache } from './known-caches.js';
import { getCalleeName } from '../../syntax/member-access.js';
import type { StateWrite } from './state-write.js';
import { unwrapNode } from '../../syntax/unwrap-node.js';
import { getValueKind } from './value-kind.js';
import type { ValueKind } from './kind.js';

/** Functions that make a thing rather than read data. */
const MAKER =
  /^(?:build|compile|configure|connect|construct|create|fork|init|initiali[sz]e|instantiate|launch|listen|make|new|open|register|require|resolve|schedule|set(?:Interval|Timeout|Immediate|up)|setup|spawn|start|watch|import|serve|subscribe|on)(?![a-z])/;

/** One-word names of functions that read data rather than make a thing. */
const READER =
  /^(?:calculate|collect|compute|count|discover|fetch|find|generate|get|hash|list|load|lookup|now|parse|query|random|read|resolve|scan|select|sum|uuid)/;

/** Names that people give to the things of a process that hold no data of the application. */
const RESOURCE_NAME =
  /(?:agent|app|application|browser|channel|client|config|conn|connection|container|controller|cron|db|database|dispatcher|driver|emitter|exporter|handler|handle|instance|interval|job|listener|log|logger|manager|meter|metrics?|middleware|module|pool|prisma|process|producer|consumer|provider|proxy|queue|redis|registry|renderer|router|runtime|scheduler|sdk|server|service|socket|spinner|storage|stream|subscriber|subscription|task|telemetry|ticker|timeout|timer|tracer|transport|transporter|unsubscribe|watcher|worker|worker[Pp]ool|wss?|plugin|strategy|factory|resolver|callback|fn|hook|impl|implementation)s?(?:singleton)?[\d_]*$/i;

/** Words in the names of flags that tell how far this process has come, or how loudly it speaks. */
const LIFECYCLE_WORDS = new Set([
  'aborted',
  'bootstrapped',
  'cancelled',
  'canceled',
  'closed',
  'closing',
  'configured',
  'connected',
  'connecting',
  'debug',
  'destroyed',
  'disposed',
  'draining',
  'exited',
  'exiting',
  'init',
  'inited',
  'initialisation',
  'initialised',
  'initialization',
  'initialized',
  'initialising',
  'initializing',
  'installed',
  'loaded',
  'loading',
  'logged',
  'patched',
  'polyfilled',
  'quiet',
  'ready',
  'registered',
  'registration',
  'running',
  'setup',
  'shown',
  'shutdown',
  'shutting',
  'sigint',
  'sigterm',
  'silent',
  'started',
  'starting',
  'stopped',
  'stopping',
  'subscribed',
  'terminating',
  'verbose',
  'warned',
  'warning',
]);

/** Whether a name is that of a flag that tells how far this process has come, or how loudly it speaks. */
export function isLifecycleFlag(name: string): boolean {
  return name.split(/[^A-Za-z]+|(?=[A-Z])/).some((word) => LIFECYCLE_WORDS.has(word.toLowerCase()));
}

type Assigned = 'nothing' | 'resource' | 'flag' | 'data';

/**
 * Whether every write to a binding makes, resets or closes something that a process has for itself: a client, logger,
 * pool, timer, loaded module, or the flag that says it was started.
 */
export function isLazyResource(
  name: string,
  kind: ValueKind,
  initial: TSESTree.Expression | null,
  writes: readonly StateWrite[],
): boolean {
  if (writes.some(({ how, path }) => how === 'change' || path.length > 0)) return false;
  const assigned = writes.map(({ value }) => getAssigned(name, kind, value));
  if (assigned.includes('data')) return false;
  if (initial && getAssigned(name, kind, initial) === 'data') return false;
  return true;
}

function getAssigned(name: string, kind: ValueKind, value: TSESTree.Expression | null): Assigned {
  if (!value) return kind.kind === 'resource' || kind.kind === 'code' ? 'resource' : 'data';
  const node = unwrapNode(value);
  switch (node.type) {
    case AST_NODE_TYPES.Literal:
      if (node.value === null) return 'nothing';
      return typeof node.value === 'boolean' && isLifecycleFlag(name) ? 'flag' : 'data';
    case AST_NODE_TYPES.UnaryExpression:
      return node.operator === 'void' ? 'nothing' : 'data';
    case AST_NODE_TYPES.ConditionalExpression:
      return combine(
        getAssigned(name, kind, node.consequent),
        getAssigned(name, kind, node.alternate),
      );
    case AST_NODE_TYPES.LogicalExpression:
      return combine(getAssigned(name, kind, node.left), getAssigned(name, kind, node.right));
    case AST_NODE_TYPES.AssignmentExpression:
      return getAssigned(name, kind, node.right);
    case AST_NODE_TYPES.ImportExpression:
    case AST_NODE_TYPES.ArrowFunctionExpression:
    case AST_NODE_TYPES.FunctionExpression:
    case AST_NODE_TYPES.ClassExpression:
      return 'resource';
    default:
  }
  if (node.type === AST_NODE_TYPES.Identifier && node.name === 'undefined') return 'nothing';
  if (kind.kind === 'resource' || kind.kind === 'code') return 'resource';
  if (node.type === AST_NODE_TYPES.NewExpression) return isStateless(node) ? 'resource' : 'data';
  if (node.type === AST_NODE_TYPES.CallExpression && isMaking(node)) return 'resource';
  if (node.type === AST_NODE_TYPES.ThisExpression) return 'resource';
  // `initializing = (async () => { … })()`: that something is under way, which the name tells.
  if (isAsyncBlock(node) && isLifecycleFlag(name)) return 'resource';
  if (node.type === AST_NODE_TYPES.Identifier && RESOURCE_NAME.test(node.name)) return 'resource';
  if (!isAwaited(value) && isOfEnvironment(node)) return 'resource';
  const valueKind = getValueKind(node).kind;
  // What somebody was waited for to read is data, whatever it is called.
  if (valueKind !== 'opaque' || (isAwaited(value) && isReading(node))) return 'data';
  return RESOURCE_NAME.test(name) ? 'resource' : 'data';
}

function isAsyncBlock(node: TSESTree.Expression): boolean {
  return (
    node.type === AST_NODE_TYPES.CallExpression && isFunction(node.callee) && node.callee.async
  );
}

/** `schema.parse(process.env)`: every process reads the same. */
function isOfEnvironment(node: TSESTree.Expression): boolean {
  return (
    node.type === AST_NODE_TYPES.CallExpression &&
    node.arguments.length > 0 &&
    node.arguments.every(
      (argument) =>
        argument.type === AST_NODE_TYPES.MemberExpression &&
        argument.property.type === AST_NODE_TYPES.Identifier &&
        argument.property.name === 'env',
    )
  );
}

function isAwaited(value: TSESTree.Expression): boolean {
  return value.type === AST_NODE_TYPES.AwaitExpression;
}

function isReading(node: TSESTree.Expression): boolean {
  if (node.type !== AST_NODE_TYPES.CallExpression) return false;
  const name = getCalleeName(unwrapNode(node.callee));
  return name !== null && READER.test(name) && !isInjection(name, node);
}

function combine(left: Assigned, right: Assigned): Assigned {
  if (left === 'data' || right === 'data') return 'data';
  return left === 'nothing' ? right : left;
}

function isStateless(node: TSESTree.NewExpression): boolean {
  return getValueKind(node).kind === 'opaque' && !isKnownCache(node);
}

function isMaking(node: TSESTree.CallExpression): boolean {
  const callee = unwrapNode(node.callee);
  const name = getCalleeName(callee);
  if (name !== null && MAKER.test(name)) return true;
  if (name !== null && isInjection(name, node)) return true;
  // `instrument(createClient())` wraps what it is given.
  if (
    node.arguments.some(
      (argument) => argument.type === AST_NODE_TYPES.CallExpression && isMaking(argument),
    ) &&
    !READER.test(name ?? '')
  )
    return true;
  // `connect().then(…)`, `pino(…).child(…)`: what the chain starts with tells.
  if (callee.type === AST_NODE_TYPES.MemberExpression) {
    const start = unwrapNode(callee.object);
    if (start.type === AST_NODE_TYPES.ImportExpression) return true;
    if (start.type === AST_NODE_TYPES.CallExpression) return isMaking(start);
    return false;
  }
  // `pino()`, `knex(…)`: a package called by its own name makes its thing.
  return (
    callee.type === AST_NODE_TYPES.Identifier &&
    /^[a-z]\w*$/.test(callee.name) &&
    !/[A-Z]/.test(callee.name) &&
    !READER.test(callee.name)
  );
}

/** `injector.get(EventBus)`: a container hands out a service or options by their token. */
function isInjection(
  method: string,
  { callee, arguments: [token] }: TSESTree.CallExpression,
): boolean {
  if (method !== 'get' && method !== 'inject' && method !== 'resolve') return false;
  if (token?.type !== AST_NODE_TYPES.Identifier) return false;
  const owner =
    callee.type === AST_NODE_TYPES.MemberExpression ? getCalleeName(callee.object) : null;
  return /^[A-Z]\w*[a-z]/.test(token.name) || /injector|container|moduleRef/i.test(owner ?? '');
}
