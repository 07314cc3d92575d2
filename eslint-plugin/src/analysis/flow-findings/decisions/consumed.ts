import type ts from 'typescript';
import type { ProgramContext } from '../../../program/program-context.js';
import { getProgramContext } from '../../../program/program-context.js';
import { getModelName } from '../../../vocabulary/model-name.js';
import { getReportNode, type WriteFact } from '../../flow/facts.js';
import { EXISTENCE } from '../../flow/value.js';
import { isOf } from '../staleness.js';
import { isForeign } from '../../../vocabulary/model-name.js';
import type { DecisionFinder } from './decision.js';
import { isInSameRun } from './same-run.js';

/** What is used up by being deleted. */
const ONE_TIME = /token|code|challenge|otp|invit|verification|nonce|reset|ticket|voucher/i;

/**
 * A row that is good for one use was found, what it is good for is done, and it is deleted without a look at whether it
 * was still there.
 */
export const findConsumed: DecisionFinder = (write, { conditions, writes, program }) => {
  const { target, operation, outcome, site } = write;
  if (target && operation === 'update') return findSpent(write);
  if (!target || operation !== 'delete' || !isForeign(target.model)) return [];
  if (outcome === 'throws' || !ONE_TIME.test(getModelName(target.model) ?? '')) return [];
  const context = getProgramContext(program);
  if (!isIgnored(context, site.node) || !hasOtherEffect(write, writes)) return [];
  for (const condition of conditions) {
    const read = condition.reads.find(
      (one) => one.protectedBy === null && one.identity.isGuarded !== true && isOf(one, target),
    );
    const node = read && getReportNode(condition, [site, read.site]);
    if (!node) continue;
    const fields = read.field === EXISTENCE ? [] : [read.field];
    const { model } = read;
    return [
      { kind: 'consumed', tier: 'certain', node, write, model, fields, read: read.site.node },
    ];
  }
  return [];
};

/** A row was found by a code that the write replaces or clears, and that it does not ask for again. */
function findSpent(write: WriteFact): ReturnType<DecisionFinder> {
  const { target, patch, guards, site } = write;
  const query = target?.identity.query;
  if (!target || !query || !isForeign(target.model) || target.protectedBy !== null) return [];
  if (target.identity.isGuarded === true || target.site.node === site.node) return [];
  for (const [field, name] of query) {
    const written = patch?.properties?.get(field);
    const isSpent = name !== null && written !== undefined && written.identity?.key !== name;
    if (!isSpent || !ONE_TIME.test(field) || guards.some((guard) => guard.field === field))
      continue;
    const node = getReportNode(site, [target.site]);
    if (!node) return [];
    const { model } = target;
    const read = target.site.node;
    return [{ kind: 'consumed', tier: 'certain', node, write, model, fields: [field], read }];
  }
  return [];
}

/** Whether the program does not look at what a call returns. */
function isIgnored({ ts }: ProgramContext, node: ts.Node): boolean {
  let { parent } = node;
  while (ts.isAwaitExpression(parent) || ts.isParenthesizedExpression(parent))
    ({ parent } = parent);
  return ts.isExpressionStatement(parent) || ts.isArrayLiteralExpression(parent);
}

/** Whether something else is written in the same run. */
function hasOtherEffect(write: WriteFact, writes: readonly WriteFact[]): boolean {
  return writes.some((other) => {
    const isSame = other.target?.model === write.target?.model && other.operation !== 'insert';
    return !isSame && other.operation !== 'delete' && isInSameRun(other, write);
  });
}
