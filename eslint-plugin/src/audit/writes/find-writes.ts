import type ts from 'typescript';
import type { WriteFact } from '../../analysis/flow/facts.js';
import { getFlowFacts } from '../../analysis/flow/file-facts.js';
import type { Effect, EffectNode, Model } from '../../vocabulary/effect.js';
import { getEffect, getVocabularies } from '../../vocabulary/effects.js';
import { getModelName } from '../../vocabulary/model-name.js';
import type { WriteSite } from '../model/write-site.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { getEnclosingFunction } from '../program/enclosing-function.js';
import { findStaleWrites } from './stale-writes.js';
import type { Judgement } from './judgement.js';
import { findUnreadSql } from './unread-sql.js';
import { judge } from './judge.js';

/** A call that writes, and what the flow analysis knows of every run that leads there. */
interface Write {
  readonly operation: WriteSite['operation'];
  readonly model: Model;
  readonly facts: WriteFact[];
}

/**
 * Every place of a program that writes rows, with its verdict: those that the vocabularies recognise by their syntax, and
 * those that only the values tell, such as `user.save()`.
 */
export function findWrites(program: AuditedProgram): readonly WriteSite[] {
  const { context } = program;
  const writes = new Map<ts.Node, Write>();
  for (const file of program.databaseFiles) addRecognised(program, file, writes);
  for (const file of program.databaseFiles) {
    for (const fact of getFlowFacts(context.program, file).writes) addFact(writes, fact);
  }
  const stale = findStaleWrites(program);
  const sites = [...writes].map(([node, write]) => toSite(program, node, write, stale.get(node)));
  sites.push(...findUnreadSql(program, new Set(writes.keys())));
  return sites.sort((a, b) => a.uri.localeCompare(b.uri) || a.startLine - b.startLine);
}

function addRecognised(
  { context }: AuditedProgram,
  file: ts.SourceFile,
  writes: Map<ts.Node, Write>,
): void {
  const { ts } = context;
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) {
      const effect = getEffect(context, node);
      const write = effect && writtenBy(effect);
      if (write) writes.set(node, { ...write, facts: [] });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

/** What an effect writes; `null` for one that writes nothing, or of which only values tell whether it does. */
function writtenBy(effect: Effect): Omit<Write, 'facts'> | null {
  switch (effect.kind) {
    case 'write':
      return effect.library === undefined
        ? { operation: effect.operation, model: effect.model }
        : null;
    case 'store':
      return effect.library === undefined ? { operation: 'update', model: effect.model } : null;
    case 'insert':
      return { operation: 'insert', model: effect.model };
    case 'mutate':
      return { operation: 'mutate', model: effect.model };
    case 'sequence':
      return effect.effects.map(writtenBy).find((write) => write !== null) ?? null;
    default:
      return null;
  }
}

function addFact(writes: Map<ts.Node, Write>, fact: WriteFact): void {
  const { node } = fact.site;
  const model = fact.target?.model ?? null;
  const known = writes.get(node);
  if (!known) writes.set(node, { operation: fact.operation, model, facts: [fact] });
  else {
    known.facts.push(fact);
    if (known.model === null && model !== null) writes.set(node, { ...known, model });
  }
}

function toSite(
  program: AuditedProgram,
  node: ts.Node,
  { operation, model, facts }: Write,
  stale: Judgement | undefined,
): WriteSite {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return {
    uri: program.uriOf(file.fileName),
    startLine: line + 1,
    model: getModelName(model),
    library: libraryOf(program, node as EffectNode, model),
    operation: facts[0]?.operation ?? operation,
    ...(stale ?? judge(program, node, facts)),
    functionName: getEnclosingFunction(program.context, node),
  };
}

function libraryOf({ context }: AuditedProgram, node: EffectNode, model: Model): string {
  const [named] = model?.split(':') ?? [];
  if (named) return named;
  return getVocabularies(context, node.getSourceFile())[0]?.name ?? 'unknown';
}
