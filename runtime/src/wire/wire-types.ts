import type { LocksIn } from '../store/transaction-result.js';

/** What `encode` takes: `T`, or the reason why it must not cross a process boundary. */
export type Encodable<T> =
  'locked' extends LocksIn<T>
    ? 'a Locked<T> cannot cross a process boundary: send Model.ref(entity) and lock it again there'
    : T;
