import type { Difference } from '../oracle/serial-oracle.js';
import type { Step } from './step.js';

/** How much was run. */
export interface Explored {
  /** Interleavings that were run, the replays of a failing one not counted. */
  readonly schedules: number;
  /** Interleavings of as many statements as serial runs have, where none waits for another. */
  readonly possible: number;
  /** Whether of each kind of interleaving one was run: those of a kind differ only in the order of statements that touch nothing in common. */
  readonly complete: boolean;
  /** What one took, on average. */
  readonly milliseconds: number;
}

/** A schedule that gives what no serial order gives, in each of its replays. */
export interface Anomaly {
  readonly verdict: 'anomaly';
  readonly explored: Explored;
  /** How often it was run again, each time with an anomaly. */
  readonly replays: number;
  /** The statements that make the database which the schedule begins with. */
  readonly setup: readonly string[];
  readonly schedule: readonly Step[];
  readonly difference: Difference;
  /** For Postgres' isolationtester. */
  readonly spec: string;
  /** For people. */
  readonly text: string;
}

/** Every interleaving gives what a serial order gives. */
export interface Serial {
  readonly verdict: 'serial';
  readonly explored: Explored;
}

/**
 * No answer. `undecidable`: runs of the same serial order differ. `not confirmed`: not all could be run, or a schedule
 * fails only now and then.
 */
export interface Undecided {
  readonly verdict: 'undecidable' | 'not confirmed';
  readonly explored: Explored;
  readonly reason: string;
}

export type ReplayResult = Anomaly | Serial | Undecided;
