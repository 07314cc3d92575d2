import type ts from 'typescript';
import { hasBody } from '../../program/callee.js';
import { getProgramContext, type ProgramContext } from '../../program/program-context.js';
import { isWorthAnalysing } from './relevance.js';
import { getVocabularies } from '../../vocabulary/effects.js';
import { createFlowFacts, type FlowFacts } from './facts.js';
import { Interpreter } from './interpreter.js';
import { isRootFunction } from './root-functions.js';

const facts = new WeakMap<ts.Program, WeakMap<ts.SourceFile, FlowFacts>>();
const NOTHING = createFlowFacts();

/** What the flow analysis finds in a file: once for all rules that ask. */
export function getFlowFacts(program: ts.Program, file: ts.SourceFile): FlowFacts {
  let known = facts.get(program);
  if (!known) facts.set(program, (known = new WeakMap()));
  const found = known.get(file);
  if (found) return found;
  const context = getProgramContext(program);
  const isOfInterest = getVocabularies(context, file).length > 0;
  const result = isOfInterest ? analyse(context, file) : NOTHING;
  known.set(file, result);
  return result;
}

function analyse(context: ProgramContext, file: ts.SourceFile): FlowFacts {
  const result = createFlowFacts();
  for (const root of findRoots(context, file)) {
    if (isWorthAnalysing(context, root)) new Interpreter(context, result, root).runRoot();
  }
  return result;
}

/** The file itself, for what runs when it is loaded, and the functions that no other function is around. */
function findRoots(context: ProgramContext, file: ts.SourceFile): readonly ts.Node[] {
  const { ts } = context;
  const roots: ts.Node[] = [file];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isFunctionLike(node)) {
      if (hasBody(context, node) && isRootFunction(context, node)) roots.push(node);
      return;
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return roots;
}
