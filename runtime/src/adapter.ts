export type { PoolStats } from './adapter/pool-stats.js';
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
} from './adapter/adapter.js';
export { InProcessSignals } from './adapter/in-process/in-process-signals.js';
export { ALL_OPERATORS, type AdapterCapabilities } from './adapter/capabilities.js';
export type { FieldCondition, Operator, OrderTerm, Query } from './adapter/query.js';
export type { ReadColumn, ReadResult } from './adapter/read-result.js';
export type { SignalLimits, SignalTransport, TopicListener } from './adapter/signal-transport.js';
export type { TableProblem } from './errors/model-errors.js';
export { createStore, type StoreOptions } from './engine/create-store.js';
export type { FieldValues } from './model/field-values.js';
export type { ModelDescription } from './model/model-description.js';
