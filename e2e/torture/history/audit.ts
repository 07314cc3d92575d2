/** A change of a slot, as a trigger has written it down. */
export interface AuditRow {
  readonly operation: 'insert' | 'update' | 'delete';
  readonly shelf: string;
  readonly slot: string;
  readonly change: string;
  /** `null` for an insert. */
  readonly before: number | null;
  /** `null` for a delete. */
  readonly after: number | null;
}

/** A slot, as it is when a run is over. */
export interface SlotState {
  readonly shelf: string;
  readonly amount: number;
  readonly label: string | null;
  /** How many entries a trigger has counted. */
  readonly counted: number;
  /** How many entries there are. */
  readonly entries: number;
}

/** What the tables with constraints and triggers hold when a run is over. */
export interface AuditState {
  /** In the order in which they were written. */
  readonly audit: readonly AuditRow[];
  readonly slots: ReadonlyMap<string, SlotState>;
  /** How many slots, and how many changes of them, a trigger has counted for each shelf. */
  readonly shelves: ReadonlyMap<string, { readonly slots: number; readonly changes: number }>;
}

export const NO_AUDIT: AuditState = { audit: [], slots: new Map(), shelves: new Map() };
