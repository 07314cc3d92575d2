import type ts from 'typescript';
import type { UniqueKey } from '../schema/table-schema.js';

/** A call, or a tagged template such as a query in SQL. */
export type EffectNode = ts.CallExpression | ts.TaggedTemplateExpression;

/**
 * The name of a model: its library and its own, `justscale:Account`, and what else tells it from another of that name
 * behind a `#`. `null` when a generic does not say which.
 */
export type Model = string | null;

/** How a library's condition compares a field; `other` for everything that does not say which rows those are. */
export type Comparison = 'equal' | 'unequal' | 'less' | 'more' | 'one of' | 'other';

/** A field of a row that has to compare with a value. */
export interface FieldCondition {
  readonly field: string;
  readonly comparison: Comparison;
  /** `null` when nobody computes it, such as SQL's own `now()` or a comparison with another column. */
  readonly value: ts.Expression | null;
  /** The constant that a statement in SQL compares with. */
  readonly literal?: string;
}

/** The rows that meet a set of conditions. */
export interface Where {
  readonly conditions: readonly FieldCondition[];
  /** The table's keys: fields of which at most one row has the same values. */
  readonly keys: readonly (readonly string[])[];
  /** The field that names a row in the program, mostly `id`. */
  readonly idField: string;
  /** Parts that choose the rows in a way that `conditions` do not say. */
  readonly rest: readonly ts.Expression[];
}

/** Which rows a call is about: what names one in the program (a ref, an id, an entity), or a condition. */
export type Rows =
  | { readonly kind: 'named'; readonly node: ts.Expression | null }
  | { readonly kind: 'where'; readonly where: Where };

/** A field and what is written into it. */
export interface FieldPatch {
  readonly field: string;
  /** `null` when the database computes it. */
  readonly value: ts.Expression | null;
  /** The constant that a statement in SQL writes. */
  readonly literal?: string;
}

/** What is written into a row. */
export type Patch =
  /** The properties of an object. */
  | { readonly kind: 'object'; readonly node: ts.Expression; readonly atomic: readonly string[] }
  /** Fields one by one, such as those that a statement in SQL sets. */
  | { readonly kind: 'fields'; readonly fields: readonly FieldPatch[] }
  /** What a callback returns for the locked row. */
  | { readonly kind: 'callback'; readonly node: ts.Expression }
  /** Every property that was assigned to an entity since it was read. */
  | { readonly kind: 'assigned'; readonly node: ts.Expression };

/** How the program learns whether a write met its conditions: a count, the row or none, an error, nothing. */
export type Outcome = 'count' | 'row' | 'throws' | 'nothing';

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

interface CallParts {
  /** Parts of the call that the effect says nothing about, such as options: they run, and that is all. */
  readonly others: readonly ts.Expression[];
}

/** Names a row without a look at it. */
export interface RefEffect extends CallParts {
  readonly kind: 'ref';
  readonly model: Model;
  readonly rows: Rows;
}

/** Reads without a lock. */
export interface ReadEffect extends CallParts {
  readonly kind: 'read';
  readonly model: Model;
  /** `one` row or none, `many`, how many (`count`), or a number that the database computes of them. */
  readonly result: 'one' | 'many' | 'count' | 'aggregate';
  readonly rows: Rows;
  /** The fields that the rows are ordered by, the first one first. */
  readonly order: readonly string[];
}

/** Locks rows, and returns what is in them. */
export interface LockEffect extends CallParts {
  readonly kind: 'lock';
  readonly model: Model;
  readonly result: 'one' | 'many';
  readonly rows: Rows;
  readonly order: readonly string[];
  /** Whether it waits for whoever holds a row, and so can be part of a deadlock. */
  readonly isBlocking: boolean;
}

/** Locks a name, until the transaction ends. */
export interface NameLockEffect extends CallParts {
  readonly kind: 'lock name';
  readonly name: ts.Expression | null;
  readonly isBlocking: boolean;
}

/** Changes or deletes rows that are there. */
export interface WriteEffect extends CallParts {
  readonly kind: 'write';
  readonly operation: 'update' | 'delete';
  readonly model: Model;
  readonly rows: Rows;
  /** `null` for a `delete`. */
  readonly patch: Patch | null;
  readonly outcome: Outcome;
  /** The keys of the table, as far as a schema says. */
  readonly keys?: readonly UniqueKey[] | null;
  /** Set for a method of an entity: it is this call only where the row was read by that library. */
  readonly library?: string;
}

/** Stores an entity as it is by then: in its row, or as a new one. */
export interface StoreEffect extends CallParts {
  readonly kind: 'store';
  readonly model: Model;
  readonly entity: ts.Expression;
  readonly keys?: readonly UniqueKey[] | null;
  /** Set for a method of an entity: it is this call only where the row was read by that library. */
  readonly library?: string;
}

/** Reads a row again into its entity; with a lock, if its options say so. */
export interface ReloadEffect extends CallParts {
  readonly kind: 'reload';
  readonly entity: ts.Expression;
  readonly options: ts.Expression | null;
  readonly library: string;
}

/** Stores every entity that something was assigned to since it was read. */
export interface FlushEffect extends CallParts {
  readonly kind: 'flush';
  readonly library: string;
}

/** An effect on the model that a value names, such as a class that was handed to a function. */
export interface OpenEffect {
  readonly kind: 'open';
  readonly library: string;
  /** What names the model. */
  readonly owner: ts.Expression;
  /** It is a slot of a class or of a factory of queries: if nothing else does, whose method is called tells the table. */
  readonly isSlot?: boolean;
  /** The effect, with an empty name for its model. */
  readonly effect: Effect;
}

/** Locks a row, changes it and stores it, as one. */
export interface MutateEffect extends CallParts {
  readonly kind: 'mutate';
  readonly model: Model;
  readonly rows: Rows;
  readonly change: ts.Expression | null;
}

/** Stores a row that is new. */
export interface InsertEffect extends CallParts {
  readonly kind: 'insert';
  readonly model: Model;
  /** The entity, or the values of its fields. */
  readonly data: ts.Expression | null;
  /** The values one by one, as a statement in SQL names them. */
  readonly fields?: readonly FieldPatch[];
  /** What happens when a key is taken: an error, nothing, or an update of the row that has it. */
  readonly conflict: 'throws' | 'ignores' | 'updates';
  /** The keys of the table, as far as a schema says; nothing is said of our own runtime's. */
  readonly keys?: readonly UniqueKey[] | null;
}

/** Runs a callback in a transaction. */
export interface TransactionEffect extends CallParts {
  readonly kind: 'transaction';
  readonly work: ts.Expression | null;
  /** The callback's parameter whose queries belong to the transaction; `null` when all of them do. */
  readonly clientParameter: number | null;
  readonly isolation: Isolation;
}

/** Tells others of something when the transaction commits. */
export interface EmitEffect extends CallParts {
  readonly kind: 'emit';
}

/** Calls a callback whenever something happens, outside of what runs here. */
export interface SubscribeEffect extends CallParts {
  readonly kind: 'subscribe';
  readonly callbacks: readonly ts.Expression[];
}

/** A stream of what others emit: whoever reads it waits for something that may never come. */
export interface StreamEffect extends CallParts {
  readonly kind: 'stream';
}

/** Several effects of one call, in the order in which they happen; the call's value is the last one's. */
export interface SequenceEffect {
  readonly kind: 'sequence';
  readonly effects: readonly Effect[];
}

/** What a call of a library does to rows that more than one process may write. */
export type Effect =
  | RefEffect
  | ReadEffect
  | LockEffect
  | NameLockEffect
  | WriteEffect
  | StoreEffect
  | ReloadEffect
  | FlushEffect
  | OpenEffect
  | MutateEffect
  | InsertEffect
  | TransactionEffect
  | EmitEffect
  | SubscribeEffect
  | StreamEffect
  | SequenceEffect;

/** An effect on the table that is handed to the code around a query. */
export function openEffect(library: string, owner: ts.Expression, effect: Effect): OpenEffect {
  return { kind: 'open', library, owner, isSlot: true, effect };
}
