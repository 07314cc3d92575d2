import type ts from 'typescript';
import type { FunctionWithBody } from '../../program/callee.js';
import type { Flow } from './flow.js';
import type { Value } from './value.js';

/** What a call returned: the functions in it see the parameters of the call that made them, whoever runs them when. */
export function withCaptured(flow: Flow, maker: FunctionWithBody, value: Value): Value {
  if (value.functions.length === 0 && !value.properties) return value;
  const held = new Map<ts.Symbol, Value>();
  for (const { name } of maker.parameters) hold(flow, name, held);
  return held.size === 0 ? value : capture(value, held);
}

function hold(flow: Flow, name: ts.BindingName, held: Map<ts.Symbol, Value>): void {
  const { ts, checker } = flow.context;
  if (!ts.isIdentifier(name)) {
    for (const element of name.elements) {
      if (!ts.isOmittedExpression(element)) hold(flow, element.name, held);
    }
    return;
  }
  const symbol = checker.getSymbolAtLocation(name);
  const value = symbol && flow.environment.get(symbol);
  if (value) held.set(symbol, value);
}

function capture(value: Value, held: ReadonlyMap<ts.Symbol, Value>): Value {
  const properties = value.properties && captureEach(value.properties, held);
  if (value.functions.length === 0) return { ...value, properties };
  return { ...value, properties, captured: new Map([...held, ...(value.captured ?? [])]) };
}

function captureEach(
  properties: ReadonlyMap<string, Value>,
  held: ReadonlyMap<ts.Symbol, Value>,
): ReadonlyMap<string, Value> {
  const result = new Map(properties);
  for (const [name, value] of properties) {
    if (value.functions.length > 0) result.set(name, capture(value, held));
  }
  return result;
}
