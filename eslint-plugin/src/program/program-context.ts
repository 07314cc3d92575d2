import { createRequire } from 'node:module';
import type ts from 'typescript';

const require = createRequire(import.meta.url);

/** A program with what the analyses ask of it. */
export interface ProgramContext {
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  /** A number that is the same for the same object and different for every other one. */
  readonly idOf: (object: object) => number;
}

const contexts = new WeakMap<ts.Program, ProgramContext>();

/** The context of a program. TypeScript is loaded here, as the rules that need no types run without it. */
export function getProgramContext(program: ts.Program): ProgramContext {
  const known = contexts.get(program);
  if (known) return known;
  const context: ProgramContext = {
    ts: require('typescript') as typeof ts,
    program,
    checker: withMemory(program.getTypeChecker()),
    idOf: createNumbering(),
  };
  contexts.set(program, context);
  return context;
}

/** A checker that computes the type and the symbol of a node once: TypeScript follows the flow anew for each question. */
function withMemory(checker: ts.TypeChecker): ts.TypeChecker {
  return Object.assign(Object.create(checker) as ts.TypeChecker, {
    getTypeAtLocation: remember((node: ts.Node) => checker.getTypeAtLocation(node)),
    getSymbolAtLocation: remember((node: ts.Node) => checker.getSymbolAtLocation(node)),
    getContextualType: remember((node: ts.Expression) => checker.getContextualType(node)),
  });
}

function remember<Node extends ts.Node, Answer>(
  compute: (node: Node) => Answer,
): (node: Node) => Answer {
  // A node lives as long as its program; a weak map of so many would cost the garbage collector more than it saves.
  const answers = new Map<Node, Answer>();
  return (node) => {
    const known = answers.get(node);
    if (known !== undefined || answers.has(node)) return known as Answer;
    const answer = compute(node);
    answers.set(node, answer);
    return answer;
  };
}

function createNumbering(): (object: object) => number {
  const numbers = new Map<object, number>();
  let last = 0;
  return (object) => {
    const known = numbers.get(object);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(object, last);
    return last;
  };
}
