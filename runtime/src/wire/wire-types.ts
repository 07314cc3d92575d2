import type { Refused } from '../model/states.js';
import type { ContainsLocked } from '../store/transaction-result.js';

/** `unknown` for a value that may be encoded, otherwise the reason why it may not. */
export type Encodable<T> =
  true extends ContainsLocked<T>
    ? Refused<'a Locked<T> cannot cross a process boundary: send Model.ref(entity) and lock it again there'>
    : unknown;
