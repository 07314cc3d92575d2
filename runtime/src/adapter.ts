export type {
  Adapter,
  AdapterTransaction,
  Awaitable,
  BeginOptions,
  LockStrength,
  LockWait,
  NewRow,
  RereadRows,
  RowChange,
  RowVersion,
  StoredRow,
  Table,
  TopicListener,
} from './adapter/adapter.js';
export type { FieldCondition, Operator, OrderTerm, Query } from './adapter/query.js';
export { createStore, type StoreOptions } from './engine/create-store.js';
export type { FieldValues } from './model/field-values.js';
export type { ModelDescription } from './model/model-description.js';
