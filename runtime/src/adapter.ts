export type {
  Adapter,
  AdapterTransaction,
  Awaitable,
  BeginOptions,
  LockWait,
  OrderTerm,
  Query,
  StoredRow,
  Table,
  TopicListener,
} from './adapter/adapter.js';
export { createStore, type StoreOptions } from './engine/create-store.js';
export type { FieldValues } from './model/field-values.js';
export type { ModelDescription } from './model/model-description.js';
