import {
  CheckError,
  ConnectionFailedError,
  ConnectionLostError,
  DatabaseError,
  DeadlockError,
  DuplicateEntityError,
  EntityNotFoundError,
  ForeignKeyError,
  InvalidModelError,
  InvalidOptionError,
  InvalidRefError,
  JustScaleError,
  LockForeignError,
  LockNotHeldError,
  LockOutsideTransactionError,
  LockReleasedError,
  LockStaleError,
  LockTimeoutError,
  ModelMismatchError,
  OutsideTransactionError,
  PoolTimeoutError,
  ProcessableDecodeError,
  ProcessableEncodeError,
  ReadonlyEntityError,
  ReadOnlyTransactionError,
  ReadTimeoutError,
  SavepointOpenError,
  SerializationError,
  SignalDecodeError,
  SignalListenerError,
  SignalOverflowError,
  SignalsUnheardError,
  SignalTransportError,
  SignalPathError,
  StoreClosedError,
  TransactionRolledBackError,
  TransactionTimeoutError,
  ValidationError,
  type TableProblem,
  type ValidationIssue,
} from '@justscale/runtime';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

// One base class, which cannot be made itself.
declare const error: JustScaleError;
expectAssignable<Error>(error);
expectType<string>(error.code);
expectError((error.code = 'OTHER'));
// @ts-expect-error - an abstract class (TS2511, which expectError does not know)
new JustScaleError('text');
expectNotAssignable<JustScaleError>(new Error('text'));

// Each class, its code and its data.
declare const caught: unknown;
if (caught instanceof LockNotHeldError) {
  expectType<'LOCK_NOT_HELD'>(caught.code);
  expectType<string>(caught.model);
}
if (caught instanceof LockReleasedError) {
  expectType<'LOCK_RELEASED'>(caught.code);
  expectType<string | undefined>(caught.model);
  expectType<string | undefined>(caught.id);
}
if (caught instanceof LockForeignError) {
  expectType<'LOCK_FOREIGN'>(caught.code);
  expectType<string>(caught.id);
}
if (caught instanceof LockOutsideTransactionError) {
  expectType<'LOCK_OUTSIDE_TRANSACTION'>(caught.code);
  expectType<string>(caught.subject);
}
if (caught instanceof LockStaleError) {
  expectType<'LOCK_STALE'>(caught.code);
  expectType<string>(caught.id);
}
if (caught instanceof LockTimeoutError) {
  expectType<'LOCK_TIMEOUT'>(caught.code);
  expectType<readonly string[]>(caught.ids);
}
if (caught instanceof DeadlockError) {
  expectType<'DEADLOCK'>(caught.code);
  expectType<string>(caught.subject);
}
if (caught instanceof ReadonlyEntityError) {
  expectType<'READONLY_ENTITY'>(caught.code);
  expectType<string>(caught.field);
}
if (caught instanceof EntityNotFoundError) {
  expectType<'ENTITY_NOT_FOUND'>(caught.code);
  expectType<readonly string[]>(caught.ids);
}
if (caught instanceof DuplicateEntityError) {
  expectType<'DUPLICATE_ENTITY'>(caught.code);
  expectType<string>(caught.constraint);
}
if (caught instanceof ValidationError) {
  expectType<'VALIDATION'>(caught.code);
  expectType<readonly ValidationIssue[]>(caught.issues);
  expectType<readonly string[]>(caught.paths);
}
if (caught instanceof InvalidModelError) {
  expectType<'INVALID_MODEL'>(caught.code);
  expectType<string>(caught.model);
}
if (caught instanceof ModelMismatchError) {
  expectType<'MODEL_MISMATCH'>(caught.code);
  expectType<readonly TableProblem[]>(caught.problems);
}
if (caught instanceof OutsideTransactionError) {
  expectType<'OUTSIDE_TRANSACTION'>(caught.code);
  expectType<string>(caught.call);
}
if (caught instanceof ReadOnlyTransactionError) {
  expectType<'READ_ONLY_TRANSACTION'>(caught.code);
  expectType<string>(caught.subject);
}
if (caught instanceof ReadTimeoutError) {
  expectType<'READ_TIMEOUT'>(caught.code);
  expectType<number>(caught.timeoutMs);
}
if (caught instanceof SavepointOpenError) expectType<'SAVEPOINT_OPEN'>(caught.code);
if (caught instanceof InvalidRefError) {
  expectType<'INVALID_REF'>(caught.code);
  expectType<string>(caught.model);
}
if (caught instanceof SignalPathError) {
  expectType<'SIGNAL_PATH'>(caught.code);
  expectType<string>(caught.path);
}
if (caught instanceof SignalDecodeError) {
  expectType<'SIGNAL_DECODE'>(caught.code);
  expectType<string>(caught.channel);
}
if (caught instanceof SignalListenerError) {
  expectType<'SIGNAL_LISTENER'>(caught.code);
  expectType<string>(caught.path);
}
if (caught instanceof SignalTransportError) {
  expectType<'SIGNAL_TRANSPORT'>(caught.code);
  expectType<string>(caught.transport);
}
if (caught instanceof SignalsUnheardError) {
  expectType<'SIGNALS_UNHEARD'>(caught.code);
  expectType<string>(caught.way);
}
if (caught instanceof SignalOverflowError) {
  expectType<'SIGNAL_OVERFLOW'>(caught.code);
  expectType<number>(caught.limit);
}
if (caught instanceof ConnectionLostError) {
  expectType<'rolled back' | 'unknown'>(caught.outcome);
}
if (caught instanceof ConnectionFailedError) {
  expectType<'CONNECTION_FAILED'>(caught.code);
  expectAssignable<ConnectionLostError>(caught);
}
if (caught instanceof PoolTimeoutError) {
  expectType<'POOL_TIMEOUT'>(caught.code);
  expectType<number>(caught.maxConnections);
}
if (caught instanceof TransactionTimeoutError) {
  expectType<'TRANSACTION_TIMEOUT'>(caught.code);
  expectType<number>(caught.timeoutMs);
}
if (caught instanceof TransactionRolledBackError) {
  expectType<'TRANSACTION_ROLLED_BACK'>(caught.code);
}
if (caught instanceof SerializationError) expectType<'SERIALIZATION'>(caught.code);
if (caught instanceof StoreClosedError) expectType<'STORE_CLOSED'>(caught.code);
if (caught instanceof DatabaseError) {
  expectType<string>(caught.code);
  expectType<string | undefined>(caught.sqlState);
}
if (caught instanceof ForeignKeyError) {
  expectType<'FOREIGN_KEY'>(caught.code);
  expectAssignable<DatabaseError>(caught);
}
if (caught instanceof CheckError) {
  expectType<'CHECK'>(caught.code);
  expectAssignable<DatabaseError>(caught);
}
if (caught instanceof InvalidOptionError) {
  expectType<'INVALID_OPTION'>(caught.code);
  expectType<string>(caught.option);
}
if (caught instanceof ProcessableEncodeError) {
  expectType<'PROCESSABLE_ENCODE'>(caught.code);
  expectType<string>(caught.path);
}
if (caught instanceof ProcessableDecodeError) {
  expectType<'PROCESSABLE_DECODE'>(caught.code);
  expectType<string>(caught.path);
}

// Errors of two classes are apart.
expectNotAssignable<LockNotHeldError>({} as LockReleasedError);
expectNotAssignable<LockReleasedError>({} as LockForeignError);
