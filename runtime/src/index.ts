export {
  defineModel,
  type FieldsOf,
  type ModelClass,
  type ModelInstance,
  type ModelOptions,
} from './model/define-model.js';
export type { DraftFields, NewFields, ReservedFieldName } from './model/schema-types.js';
export type { DeepReadonly } from './model/deep-readonly.js';
export type {
  AnyModel,
  Conditions,
  EntityTypes,
  Fields,
  ModelBase,
  ModelConstructor,
  Patch,
  Refused,
  UpdateData,
} from './model/model-types.js';
export type {
  Behaviour,
  Entity,
  IdentityOf,
  InstanceIn,
  Locked,
  LockOf,
  NewEntity,
  Persistent,
  Ref,
  Refable,
  SnapshotOf,
  StoredAs,
  Transient,
  Unsaved,
} from './model/states.js';
export {
  Repository,
  type FindOptions,
  type LockManyOptions,
  type LockOptions,
  type LockStrength,
  type LockWhereOptions,
  type MutateOptions,
  type OrderBy,
  type ReadOptions,
  type Where,
} from './store/repository.js';
export {
  allOf,
  gt,
  gte,
  lt,
  lte,
  noneOf,
  not,
  oneOf,
  type Condition,
  type Ordered,
} from './store/conditions.js';
export {
  defineSignals,
  type DefineSignal,
  type SignalGroup,
  type SignalGroupClass,
} from './signals/define-signals.js';
export type {
  Signal,
  SignalDefinition,
  SignalParameters,
  EmitParameters,
  SignalStream,
  Subscription,
  UntypedSignalDefinition,
} from './signals/signal-types.js';
export type { TransactionWork } from './store/transaction-result.js';
export type { TransactionScope } from './store/transaction-scope.js';
export type {
  CloseOptions,
  IsolationLevel,
  LockNameOptions,
  RepositoryOptions,
  Store,
  SlowLock,
  StoreEvents,
  TransactionOptions,
} from './store/store.js';
export type { StoreStats } from './store/store-stats.js';
export type {
  LockEvent,
  PoolEvent,
  SlowLockEvent,
  StatementEvent,
  TransactionEvent,
} from './adapter/diagnostics.js';
export { encode } from './wire/encode.js';
export { decode } from './wire/decode.js';
export type { Encodable } from './wire/wire-types.js';
export { JustScaleError } from './errors/justscale-error.js';
export { DuplicateEntityError, EntityNotFoundError } from './errors/entity-errors.js';
export {
  DeadlockError,
  LockForeignError,
  LockNotHeldError,
  LockOutsideTransactionError,
  LockReleasedError,
  LockStaleError,
  LockTimeoutError,
  ReadonlyEntityError,
} from './errors/lock-errors.js';
export {
  InvalidModelError,
  InvalidRefError,
  ModelMismatchError,
  ValidationError,
  type TableProblem,
  type ValidationIssue,
} from './errors/model-errors.js';
export {
  SignalDecodeError,
  SignalListenerError,
  SignalOverflowError,
  SignalPathError,
  SignalsUnheardError,
  SignalTransportError,
} from './errors/signal-errors.js';
export {
  CheckError,
  ConnectionFailedError,
  ConnectionLostError,
  DatabaseError,
  ForeignKeyError,
  InvalidOptionError,
  OutsideTransactionError,
  PoolTimeoutError,
  ReadOnlyTransactionError,
  ReadTimeoutError,
  SavepointOpenError,
  SerializationError,
  StoreClosedError,
  TransactionRolledBackError,
  TransactionTimeoutError,
} from './errors/store-errors.js';
export { ProcessableDecodeError, ProcessableEncodeError } from './errors/wire-errors.js';
