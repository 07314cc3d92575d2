import type ts from 'typescript';
import type { FunctionWithBody } from '../../program/callee.js';
import { getEntityFact } from '../../vocabulary/effects.js';
import type { Flow } from './flow.js';
import type { Identity } from './identity.js';
import type { HeldLock } from './state.js';
import { UNKNOWN, type Entity, type Value } from './value.js';

/** Binds the parameters of a function, and returns the locks of which only their types tell. */
export function bindParameters(
  flow: Flow,
  callee: FunctionWithBody,
  args: readonly Value[],
): readonly HeldLock[] {
  const given: HeldLock[] = [];
  for (const [index, parameter] of callee.parameters.entries()) {
    const argument = parameter.dotDotDotToken ? undefined : args[index];
    if (argument && argument !== UNKNOWN) {
      flow.bind(parameter.name, argument);
    } else {
      const identity: Identity = { ...flow.fresh(parameter), origins: [parameter] };
      flow.bind(parameter.name, { ...UNKNOWN, identity });
      addGivenLocks(flow, parameter.name, given);
    }
  }
  return given;
}

function addGivenLocks(flow: Flow, name: ts.BindingName, given: HeldLock[]): void {
  const { ts, checker } = flow.context;
  if (!ts.isIdentifier(name)) {
    for (const element of name.elements) {
      if (!ts.isOmittedExpression(element)) addGivenLocks(flow, element.name, given);
    }
    return;
  }
  const type = getEntityFact(flow.context, name);
  const symbol = checker.getSymbolAtLocation(name);
  const value = symbol && flow.environment.get(symbol);
  if (type?.state !== 'locked' || !value) return;
  const { model } = type;
  const identity = value.identity ?? flow.fresh(name);
  const lock: HeldLock = {
    operation: flow.frames.length === 1 ? 'parameter' : 'callback',
    site: flow.site(name),
    scope: flow.scope,
    model,
    identity,
    members: [],
    name: null,
    isBlocking: true,
  };
  given.push(lock);
  if (type.isCollection) return;
  const { site, scope } = lock;
  const entity: Entity = {
    state: 'locked',
    model,
    identity,
    idField: 'id',
    site,
    lock,
    protectedBy: scope,
    lockedNames: [],
  };
  flow.environment.set(symbol, { ...value, identity, entity });
}
