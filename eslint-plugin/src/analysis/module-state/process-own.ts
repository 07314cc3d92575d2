import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { getFunctionName } from '../../syntax/function-name.js';
import { isFunction } from './initialisation.js';
import type { StateWrite } from './state-write.js';

/** Whether a name says that it holds measurements, which every process has of itself. */
export function isMetric(name: string): boolean {
  return /metric|histogram|gauge|telemetry/i.test(name);
}

/**
 * Whether what is written after the module has loaded is still part of putting the process together: a decorator's
 * registry, the options of a module class, code that is registered, a hook for tests, a value bound for one call.
 */
export function isAssembly(
  where: 'binding' | 'static' | 'global',
  writes: readonly StateWrite[],
): boolean {
  return (
    isDynamicallyScoped(writes) ||
    (where === 'static' && writes.every(isConfiguration)) ||
    writes.every(({ deferring }) => isDecorator(deferring) || isTestHook(deferring)) ||
    writes.every(isRegistrationOfCode)
  );
}

/** Whether a binding is set, or something put into it, for the time of a synchronous call: undone in its `finally`, or deleted before it returns. */
function isDynamicallyScoped(writes: readonly StateWrite[]): boolean {
  return writes.some(
    ({ node, how, path, deferring }) =>
      path.length === 0 &&
      isFunction(deferring) &&
      !deferring.async &&
      (how === 'replace' || node.type === AST_NODE_TYPES.CallExpression
        ? isInFinally(node, deferring)
        : node.type === AST_NODE_TYPES.UnaryExpression &&
          writes.some((other) => other.how === 'replace' && other.deferring === deferring)),
  );
}

function isInFinally(node: TSESTree.Node, end: TSESTree.Node): boolean {
  for (let at: TSESTree.Node | undefined = node; at && at !== end; at = at.parent)
    if (at.parent?.type === AST_NODE_TYPES.TryStatement && at.parent.finalizer === at) return true;
  return false;
}

/** A module class takes its options, as `static forRoot(options)` does while the application is put together. */
function isConfiguration({ how, path, deferring }: StateWrite): boolean {
  return (
    how === 'replace' &&
    path.length === 0 &&
    /^(?:init|forRoot(?:Async)?|forFeature(?:Async)?|register(?:Async)?|configure)$/.test(
      getFunctionName(deferring) ?? '',
    )
  );
}

/** A function that decorates a class or member runs while the modules that use it initialise. */
function isDecorator(node: TSESTree.Node): boolean {
  if (!isFunction(node)) return false;
  const [first, second] = node.params;
  return (
    hasName(first, /^_?(?:target|constructor|ctor|prototype)$/) ||
    hasName(second, /^(?:property|member)(?:Key|Name)$/)
  );
}

function hasName(parameter: TSESTree.Parameter | undefined, pattern: RegExp): boolean {
  return parameter?.type === AST_NODE_TYPES.Identifier && pattern.test(parameter.name);
}

function isTestHook(node: TSESTree.Node): boolean {
  return /^__|For(?:Tests?|Testing)$/.test(getFunctionName(node) ?? '');
}

/** `registry[name] = factory`: what is stored is code, which a second process registers for itself. */
function isRegistrationOfCode({ how, path, value }: StateWrite): boolean {
  return (
    how === 'replace' &&
    path.length > 0 &&
    value?.type === AST_NODE_TYPES.Identifier &&
    /(?:callback|constructor|ctor|factory|fn|handler|middleware|plugin)$/i.test(value.name)
  );
}
