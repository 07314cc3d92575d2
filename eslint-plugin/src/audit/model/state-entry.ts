import type { Place } from './place.js';

/** Something that is one per process: a second process has its own, or does the same again. */
export interface StateEntry {
  readonly kind: 'state' | 'cache' | 'memory store' | 'lock' | 'schedule' | 'listener';
  readonly name: string;
  readonly place: Place;
  readonly message: string;
  /** Where it is written, or what it writes when it runs. */
  readonly writers: readonly Place[];
  /** Where it is read. */
  readonly readers: readonly Place[];
}
