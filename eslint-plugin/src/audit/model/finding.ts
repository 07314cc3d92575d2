import type { Place } from './place.js';

/** What a finding is about; `--only` takes these names. */
export type FindingKind = 'races' | 'state' | 'lock-order';

/** How sure a finding is: `error` for the default tier of a rule, `warning` for the strict one, `note` for what to look at. */
export type Level = 'error' | 'warning' | 'note';

/** A place that has to do with a finding, and how. */
export interface RelatedPlace {
  readonly role: 'read' | 'check' | 'lock' | 'write';
  readonly place: Place;
  readonly message: string;
}

/** One step of an interleaving of two processes. */
export interface Step {
  readonly process: 1 | 2;
  /** When it happens, from 1: each step of the whole interleaving has a number of its own. */
  readonly order: number;
  readonly place: Place;
  readonly message: string;
}

/** What is wrong when there is a second process. */
export interface Finding {
  readonly ruleId: string;
  readonly kind: FindingKind;
  readonly level: Level;
  readonly message: string;
  /** The write; for state, its binding. */
  readonly location: Place;
  /** The function around it, `Class.method`; `null` at the top of a module. */
  readonly functionName: string | null;
  readonly related: readonly RelatedPlace[];
  /** One order of steps in which it goes wrong; empty where there is no single one, as for state. */
  readonly interleaving: readonly Step[];
  /** The same for the same finding after lines moved and code was formatted anew. */
  readonly fingerprint: string;
}
