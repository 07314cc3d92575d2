import type { FlowFacts, WriteFact } from '../flow/facts.js';
import { conditionsUntil, type TransactionScope } from '../flow/state.js';
import { allChoices, type Read } from '../flow/value.js';
import { isOf, type Row } from './staleness.js';

/**
 * A transaction made a row its own: under the lock it looked at fields, and changed at least one of them. Whoever looks
 * at them after it finds that somebody else has the row; so what was read in the claim stays true until the row is
 * given back. A status, a lease and a token are all claimed like this.
 */
export interface Claim {
  readonly row: Row;
  readonly scope: TransactionScope;
  readonly fields: readonly string[];
  readonly write: WriteFact;
}

/** The claims among the writes of a file, in the order in which they are made. */
export function findClaims({ writes }: FlowFacts): readonly Claim[] {
  return writes.flatMap((write) => {
    const { target, scope, patch } = write;
    if (!target || write.operation === 'insert' || !patch?.properties) return [];
    const fields = checkedFields(write, target);
    const isClaim = fields.some((field) => patch.properties?.has(field));
    return isClaim ? [{ row: target, scope, fields, write }] : [];
  });
}

/** What was asked of the row under its lock, or in the condition of the write. */
function checkedFields(write: WriteFact, row: Row): readonly string[] {
  const asked: Read[] = conditionsUntil(write.conditions, null).flatMap(({ reads }) => reads);
  if (write.patch) asked.push(...allChoices(write.patch));
  const locked = asked.filter((read) => read.protectedBy === write.scope && isOf(read, row));
  return [...locked, ...write.guards].map(({ field }) => field);
}

/** Whether a claim that was made before a write makes sure that what was read holds. */
export function isClaimed(read: Read, write: WriteFact, claims: readonly Claim[]): boolean {
  return claimsBefore(write, claims).some(
    ({ row, scope, fields }) =>
      isOf(read, row) && (read.protectedBy === scope || fields.includes(read.field)),
  );
}

/** The claims that other transactions made before a write. */
export function claimsBefore(write: WriteFact, claims: readonly Claim[]): readonly Claim[] {
  return claims.filter(
    (claim) => claim.scope !== write.scope && claim.write.sequence < write.sequence,
  );
}
