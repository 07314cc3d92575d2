import type ts from 'typescript';
import { getReportNode, type FlowFacts, type WriteFact } from '../flow/facts.js';
import { ANY_ELEMENT, isSameIdentity, type Identity, type Selection } from '../flow/identity.js';
import { isSameModel } from '../flow/locks.js';
import { conditionsUntil, type Condition, type TransactionScope } from '../flow/state.js';
import { allChoices, allReads, type Read } from '../flow/value.js';
import type { Model } from '../../vocabulary/effect.js';

/** A patch that was computed from data that no lock of its transaction protects. */
export interface StalePatch {
  readonly node: ts.Node;
  readonly write: WriteFact;
  readonly reads: readonly Read[];
}

/** A check whose answer may be wrong by the time the write happens. */
export interface StaleDecision {
  readonly kind: 'checked' | 'selected' | 'counted' | 'numbered';
  readonly node: ts.Node;
  readonly write: WriteFact;
  readonly model: Model;
  /** The fields that were decided on. */
  readonly fields: readonly string[];
  /** Where the data was read. */
  readonly read: ts.Node;
}

interface Row {
  readonly model: Model;
  readonly identity: Identity;
}

export function findStalePatches(facts: FlowFacts): readonly StalePatch[] {
  const found = new Map<ts.Node, StalePatch>();
  for (const write of facts.writes) {
    const { target, patch } = write;
    if (!target || !patch || write.operation === 'insert') continue;
    const conditions = conditionsUntil(write.conditions, null);
    const reads = allReads(patch).filter(
      (read) =>
        isOf(read, target) &&
        isStale(read, write.scope) &&
        !isValidated(read, conditions, write.scope) &&
        !isCompared(read, write),
    );
    if (reads.length === 0) continue;
    const node = getReportNode(
      write.site,
      reads.map((read) => read.site),
    );
    if (!node) continue;
    const reported = node === write.site.node ? patchNode(write) : node;
    if (!found.has(reported)) found.set(reported, { node: reported, write, reads });
  }
  return [...found.values()];
}

function patchNode(write: WriteFact): ts.Node {
  return write.patchNode ?? write.site.node;
}

function isOf(read: Read, row: Row): boolean {
  return isSameModel(read.model, row.model) && isSameIdentity(read.identity, row.identity);
}

/** Whether no lock that the transaction holds protects the data. */
function isStale(read: Read, scope: TransactionScope): boolean {
  return read.isExistence !== true && read.protectedBy !== scope;
}

/** Fields that change with every write: when they are equal, all the others are. */
const VERSION_FIELD = /^(?:version|revision|rev|etag|lockVersion|updatedAt|modifiedAt)$/;

/** Whether a condition compared the old data with the locked one, and so made sure that it still holds. */
function isValidated(
  read: Read,
  conditions: readonly Condition[],
  scope: TransactionScope,
): boolean {
  return conditions.some(({ reads }) =>
    reads.some(
      (old) =>
        isStale(old, scope) &&
        isOf(old, read) &&
        (old.field === read.field || VERSION_FIELD.test(old.field)) &&
        reads.some(
          (locked) =>
            locked.protectedBy === scope && isOf(locked, old) && locked.field === old.field,
        ),
    ),
  );
}

/**
 * Whether the write itself demands that the row still is what was read: in the field that was read, or in one that
 * every such write changes, as a version is.
 */
function isCompared(read: Read, { guards, target, patch }: WriteFact): boolean {
  if (!target || !isOf(read, target)) return false;
  return guards.some(
    ({ field, comparison, value }) =>
      comparison === 'equal' &&
      value.reads.some((old) => old.field === field && isOf(old, read)) &&
      (field === read.field || patch?.properties?.has(field) === true),
  );
}

/** Whether the write has a condition on the very field that was decided on. */
function isConditional(read: Read, write: WriteFact): boolean {
  if (isCompared(read, write)) return true;
  const { guards, target } = write;
  return target !== null && isOf(read, target) && guards.some(({ field }) => field === read.field);
}

export function findStaleDecisions(facts: FlowFacts): readonly StaleDecision[] {
  const found = new Map<ts.Node, StaleDecision>();
  const writes = byTransaction(facts.writes);
  for (const write of facts.writes) {
    for (const decision of decisionsOf(write, writes)) {
      if (!found.has(decision.node)) found.set(decision.node, decision);
    }
  }
  return [...found.values()];
}

type WritesByTransaction = ReadonlyMap<TransactionScope, readonly WriteFact[]>;

function byTransaction(writes: readonly WriteFact[]): WritesByTransaction {
  const result = new Map<TransactionScope, WriteFact[]>();
  for (const write of writes) {
    const others = result.get(write.scope);
    if (others) others.push(write);
    else result.set(write.scope, [write]);
  }
  return result;
}

function decisionsOf(write: WriteFact, writes: WritesByTransaction): readonly StaleDecision[] {
  const conditions = conditionsUntil(write.conditions, null);
  const rows = protectedRows(write);
  const decisions: (StaleDecision | null)[] = conditions.map((condition) =>
    checkedDecision(write, condition, conditions, rows, writes),
  );
  decisions.push(selectedDecision(write, conditions));
  if (write.operation === 'insert') {
    decisions.push(...conditions.map((condition) => countedDecision(write, condition)));
    decisions.push(numberedDecision(write));
  }
  return decisions.filter((decision) => decision !== null);
}

/** The rows that the write is about: the one that it changes, and those whose lock is held for it. */
function protectedRows(write: WriteFact): readonly Row[] {
  const rows: Row[] = write.target && write.operation !== 'insert' ? [write.target] : [];
  for (const { operation, model, identity, members } of write.held) {
    if (operation === 'lockName') continue;
    if (identity) rows.push({ model, identity });
    for (const member of members) rows.push({ model, identity: member });
  }
  return rows;
}

function checkedDecision(
  write: WriteFact,
  condition: Condition,
  conditions: readonly Condition[],
  rows: readonly Row[],
  writes: WritesByTransaction,
): StaleDecision | null {
  const stale = condition.reads.filter(
    (read) =>
      isStale(read, write.scope) &&
      !isClaimed(read, writes) &&
      !isConditional(read, write) &&
      rows.some((row) => isOf(read, row) || isElementOf(read, row)) &&
      !isValidated(read, conditions, write.scope),
  );
  const [read] = stale;
  if (!read) return null;
  const fields = stale.map(({ field }) => field);
  if (isRepeated(write, conditions, read, fields)) return null;
  const node = getReportNode(condition, [write.site, ...stale.map(({ site }) => site)]);
  return node && { kind: 'checked', node, write, model: read.model, fields, read: read.site.node };
}

/**
 * The transaction that decided also changed what it decided on, such as from "open" to "charging": it has claimed
 * the entity, and whoever decides on the same field after it decides otherwise.
 */
function isClaimed(read: Read, writes: WritesByTransaction): boolean {
  const { protectedBy, field } = read;
  if (protectedBy === null) return false;
  return (writes.get(protectedBy) ?? []).some(
    ({ target, patch }) => target && isOf(read, target) && patch?.properties?.has(field),
  );
}

/** One of the rows that `lockMany` locked at once. */
function isElementOf(read: Read, row: Row): boolean {
  return (
    isSameModel(read.model, row.model) && read.identity.element?.collection === row.identity.key
  );
}

/** Whether the same is asked again of the locked entity, before the write or to choose what is written. */
function isRepeated(
  write: WriteFact,
  conditions: readonly Condition[],
  row: Row,
  fields: readonly string[],
): boolean {
  const asked = conditions.flatMap(({ reads }) => reads);
  if (write.patch) asked.push(...allChoices(write.patch));
  return asked.some(
    (read) =>
      read.protectedBy === write.scope &&
      isOf(read, row) &&
      (read.field === '*' || fields.includes('*') || fields.includes(read.field)),
  );
}

/** Found by a constant in the query's `where`, and that very field is what the write changes. */
function selectedDecision(
  write: WriteFact,
  conditions: readonly Condition[],
): StaleDecision | null {
  const { target } = write;
  const selection = write.operation === 'insert' ? undefined : target?.identity.selection;
  if (!target || !selection) return null;
  const fields = write.operation === 'delete' ? selection.fields : changedFields(write, selection);
  if (fields.length === 0 || isRepeated(write, conditions, target, fields)) return null;
  const node = getReportNode(selection, [write.site]);
  return (
    node && { kind: 'selected', node, write, model: target.model, fields, read: selection.node }
  );
}

function changedFields(write: WriteFact, { fields }: Selection): readonly string[] {
  return fields.filter((field) => write.patch?.properties?.has(field));
}

/** How many there are, or how much they are together, was asked without a lock, and one more is stored. */
function countedDecision(write: WriteFact, condition: Condition): StaleDecision | null {
  const read = condition.reads.find(
    ({ field, model, identity, protectedBy }) =>
      model === write.target?.model &&
      protectedBy === null &&
      identity.isGuarded !== true &&
      (field === 'length' || (condition.isMagnitude && identity.element?.accessor === ANY_ELEMENT)),
  );
  if (!read) return null;
  const { model } = read;
  const node = getReportNode(condition, [write.site, read.site]);
  return node && { kind: 'counted', node, write, model, fields: [], read: read.site.node };
}

/** The next number was computed from the highest one, without a lock. */
function numberedDecision(write: WriteFact): StaleDecision | null {
  for (const [field, value] of write.patch?.properties ?? []) {
    if (value.isSuccessor !== true) continue;
    const read = value.reads.find(
      (candidate) =>
        candidate.field === field &&
        candidate.model === write.target?.model &&
        candidate.protectedBy === null &&
        candidate.identity.isGuarded !== true,
    );
    if (!read) continue;
    const node = getReportNode(write.site, [read.site]);
    if (node) {
      const { model } = read;
      return { kind: 'numbered', node, write, model, fields: [field], read: read.site.node };
    }
  }
  return null;
}
