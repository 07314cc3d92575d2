import { createStore, STORE_OPTIONS, type StoreOptions } from '../engine/create-store.js';
import type { Store } from '../store/store.js';
import { refuseUnknownOptions } from '../model/option-names.js';
import { MemoryAdapter } from './memory-adapter.js';

/**
 * A store in this process: the same transactions, locks and errors as on Postgres, gone when the process ends. For tests,
 * and for programs that run as one process.
 */
export function memoryStore(options: StoreOptions = {}): Store {
  refuseUnknownOptions('memoryStore()', options, STORE_OPTIONS);
  return createStore(new MemoryAdapter(), options);
}
