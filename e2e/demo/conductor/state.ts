import type { Side } from '../process/messages.js';

/** What the database says of each side. */
export type Ledger = Readonly<Record<Side, Count>>;

export interface Count {
  /** What the event's row says. */
  readonly sold: number;
  /** The sales that were committed. */
  readonly sales: number;
  /** The difference: updates that another one has overwritten. */
  readonly lost: number;
}

/** A connection of a process with a lock, or waiting for one. */
export interface Backend {
  readonly pid: number;
  /** The process and its side, such as `A runtime`. */
  readonly name: string;
  readonly isWaiting: boolean;
  readonly waitsFor: readonly number[];
}

/** What a process believes to be sold. */
export interface View {
  readonly sold: number;
  readonly because: string;
}

export interface ProcessState {
  readonly name: string;
  readonly pid: number;
  readonly isRunning: boolean;
  readonly views: Readonly<Partial<Record<Side, View>>>;
}

/** All that the page shows. */
export interface DemoState {
  readonly ledger: Ledger;
  readonly backends: readonly Backend[];
  readonly processes: readonly ProcessState[];
  /** Whether the bus is cut off now. */
  readonly isBusCut: boolean;
  /** The action that runs, if one does. */
  readonly running: string | undefined;
}

/** What happened, for the page to add to its lists. */
export type DemoEvent =
  | { readonly type: 'state'; readonly state: DemoState }
  | {
      readonly type: 'statement';
      readonly process: string;
      readonly side: Side;
      readonly text: string;
    }
  | { readonly type: 'note'; readonly text: string };
