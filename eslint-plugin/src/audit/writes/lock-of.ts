import { isElementOf, isOf } from '../../analysis/flow-findings/staleness.js';
import type { WriteFact } from '../../analysis/flow/facts.js';
import type { HeldLock } from '../../analysis/flow/state.js';
import { describeModel } from '../../report/source-places.js';
import type { AuditedProgram } from '../program/audited-program.js';
import { describeNode } from '../program/describe-node.js';

/** The lock under which a write happens and where it was taken, in words; `null` when there is none. */
export function findLockOf(program: AuditedProgram, run: WriteFact): string | null {
  const { held, lockedNames, operation, target } = run;
  if (operation === 'mutate') return 'it locks the row, changes it and stores it as one';
  const own = target?.lock ?? held.find((lock) => isOwn(lock, run));
  if (own) return `under the lock of its ${describe(program, own)}`;
  const other = held.find(({ operation: how }) => how !== 'lockName');
  if (other) return `while the lock of another row is held, the ${describe(program, other)}`;
  const [name] = lockedNames;
  return name ? `while a name is locked ${describeNode(program, name.site.node)}` : null;
}

function isOwn({ model, identity, members }: HeldLock, { target }: WriteFact): boolean {
  if (!target) return false;
  const names = identity ? [identity, ...members] : members;
  return names.some((name) => {
    const row = { model, identity: name };
    return isOf(target, row) || isElementOf(target, row);
  });
}

function describe(program: AuditedProgram, { model, operation, site }: HeldLock): string {
  const how = operation === 'parameter' ? 'which its caller took, given' : 'taken';
  return `${describeModel(model)}, ${how} ${describeNode(program, site.node)}`;
}
