import type ts from 'typescript';
import type { Isolation, Model } from '../../vocabulary/effect.js';
import type { Identity } from './identity.js';

/** A place in the program, and the calls through which the analysis came there from where it began. */
export interface Site {
  readonly node: ts.Node;
  readonly path: readonly ts.Node[];
}

/** A transaction, or the unknown one in which a function without a visible transaction runs. */
export interface TransactionScope {
  readonly node: ts.Node;
  readonly path: readonly ts.Node[];
  readonly isAmbient: boolean;
  readonly isolation: Isolation;
}

/** A lock that is held from its site to the end of its transaction. */
export interface HeldLock {
  /** `parameter` and `callback`: a function, or a callback of unknown code, was given it. */
  readonly operation: 'lock' | 'lockMany' | 'mutate' | 'lockName' | 'parameter' | 'callback';
  readonly site: Site;
  readonly scope: TransactionScope;
  readonly model: Model;
  readonly identity: Identity | null;
  /** The rows of a `lockMany`, as far as they have names of their own. */
  readonly members: readonly Identity[];
  /** The constant name of a `lockName`. */
  readonly name: string | null;
  /** Whether taking it waits for its holder, and so can be part of a deadlock. */
  readonly isBlocking: boolean;
}

/** A name that is locked from here on: what was read under it stays true until it is given back. */
export interface LockedName {
  readonly site: Site;
}
