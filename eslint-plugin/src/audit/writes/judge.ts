import type ts from 'typescript';
import type { WriteFact } from '../../analysis/flow/facts.js';
import type { Verdict } from '../model/write-site.js';
import type { AuditedProgram } from '../program/audited-program.js';
import type { Judgement } from './judgement.js';
import { judgeInsert } from './judge-insert.js';
import { judgeRun } from './judge-run.js';
import { isOfUnseenCaller } from './unseen-callers.js';

/** From the least to the most that may go wrong: a write is what the worst of its runs is. */
const WORST: readonly Verdict[] = ['insert', 'locked', 'guarded', 'atomic', 'unknown', 'stale'];

/** What can be said of a write by all runs that lead to it. */
export function judge(
  program: AuditedProgram,
  node: ts.Node,
  facts: readonly WriteFact[],
): Judgement {
  if (facts.length === 0) {
    return { verdict: 'unknown', because: 'no run of the analysis leads to this write' };
  }
  // Where callers are known, they say what their arguments are.
  const called = facts.filter(({ site }) => site.path.length > 0);
  const runs = called.length > 0 ? called : facts;
  let worst: Judgement | null = null;
  for (const run of runs) {
    const judgement = judgeOne(program, node, run);
    if (!worst || WORST.indexOf(judgement.verdict) > WORST.indexOf(worst.verdict))
      worst = judgement;
  }
  return worst ?? { verdict: 'unknown', because: 'nothing is known of this write' };
}

function judgeOne(program: AuditedProgram, node: ts.Node, run: WriteFact): Judgement {
  if (run.operation === 'insert') return judgeInsert(run);
  const judgement = judgeRun(program, run);
  const isOpen = judgement.verdict === 'atomic' || judgement.verdict === 'guarded';
  const caller = isOpen ? isOfUnseenCaller(program, run) : null;
  return caller ?? judgement;
}
