import type { Place } from './place.js';

/** A lock that is taken while another one is held. */
export interface LockEdge {
  /** What is held: a model, or a name in quotes. */
  readonly from: string;
  readonly to: string;
  readonly held: Place;
  readonly taken: Place;
}

/** Which lock is taken under which. */
export interface LockOrder {
  readonly nodes: readonly string[];
  readonly edges: readonly LockEdge[];
  /** Groups of locks each of which is, directly or not, taken under each other one of its group: transactions can wait in a circle. */
  readonly cycles: readonly (readonly string[])[];
}
