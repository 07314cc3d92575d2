import type { Store } from '@justscale/runtime';
import {
  ALL_OPERATORS,
  createStore,
  InProcessSignals,
  type Adapter,
  type AdapterCapabilities,
  type AdapterTransaction,
  type Awaitable,
  type BeginOptions,
  type FieldValues,
  type LockStrength,
  type LockWait,
  type ModelDescription,
  type NewRow,
  type FieldCondition,
  type Operator,
  type OrderTerm,
  type PoolStats,
  type Query,
  type ReadColumn,
  type ReadResult,
  type RereadRows,
  type RowChange,
  type RowVersion,
  type StoredRow,
  type StoreOptions,
  type Table,
  type TableProblem,
  type SignalLimits,
  type SignalTransport,
  type TopicListener,
} from '@justscale/runtime/adapter';
import { memoryStore } from '@justscale/runtime/memory';
import {
  postgresStore,
  type DriverOptions,
  type PostgresStoreOptions,
} from '@justscale/runtime/postgres';
import {
  CONFORMANCE_SCHEMA,
  conformanceSchema,
  describeConformance,
  openTransaction,
  type ConformanceColumn,
  type ConformanceDialect,
  type ConformanceOptions,
  type ConformanceTypes,
  type OpenTransaction,
} from '@justscale/runtime/testing';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

// memoryStore
expectType<Store>(memoryStore());
expectType<Store>(memoryStore({ combineMutations: false }));
expectError(memoryStore({ combineMutations: 'no' }));
expectError(memoryStore({ channel: 'signals' }));
expectError(memoryStore({} as unknown));
memoryStore({} as any);
memoryStore({} as never);

// postgresStore
expectType<Store>(postgresStore('postgres://localhost/app'));
expectType<Store>(
  postgresStore({ host: 'localhost' }, { channel: 'app_signals', maxConnections: 10 }),
);
expectError(postgresStore());
expectError(postgresStore(1));
expectError(postgresStore({ hots: 'localhost' }));
expectError(postgresStore({} as unknown));
expectError(postgresStore('postgres://localhost/app', { maxConnections: '10' }));
expectError(postgresStore('postgres://localhost/app', { signalDelivery: 'never' }));
expectError(postgresStore('postgres://localhost/app', {} as unknown));
postgresStore({} as any, {} as any);
postgresStore({} as never, {} as never);
expectAssignable<DriverOptions>({ host: 'localhost', port: 5432 });
expectNotAssignable<DriverOptions>({ port: true });
expectAssignable<PostgresStoreOptions>({ signalDelivery: 'in-transaction' });
expectNotAssignable<PostgresStoreOptions>({ channel: 1 });

// createStore: an adapter.
declare const adapter: Adapter;
expectType<Store>(createStore(adapter));
expectType<Store>(createStore(adapter, { combineMutations: false }));
expectError(createStore());
expectError(createStore({ name: 'half' }));
expectError(createStore({} as unknown));
expectError(createStore(adapter, { combineMutations: 1 }));
createStore({} as any, {} as any);
createStore({} as never, {} as never);
expectAssignable<StoreOptions>({});
expectNotAssignable<StoreOptions>({ combineMutations: 'yes' });

// The adapter's vocabulary.
declare const transaction: AdapterTransaction;
declare const table: Table;
declare const query: Query;
expectType<AdapterTransaction>(adapter.begin({ deadline: undefined }));
expectError(adapter.begin({}));
expectType<PoolStats | undefined>(adapter.stats?.());
expectAssignable<Awaitable<StoredRow[]>>(adapter.find(table, query));
expectAssignable<Awaitable<StoredRow[]>>(
  transaction.lock(table, ['a1'], { mode: 'block', timeoutMs: undefined, strength: 'update' }),
);
expectError(
  transaction.lock(table, 'a1', { mode: 'block', timeoutMs: undefined, strength: 'update' }),
);
expectAssignable<BeginOptions>({ deadline: 1 });
expectNotAssignable<BeginOptions>({ deadline: '1' });
expectAssignable<LockWait>({ mode: 'skip', timeoutMs: 1, strength: 'no key update' });
expectNotAssignable<LockWait>({ mode: 'later', timeoutMs: 1, strength: 'update' });
expectAssignable<LockStrength>('update');
expectNotAssignable<LockStrength>('share');
expectAssignable<FieldCondition>({ field: 'owner', is: 'oneOf', value: ['ada'] });
expectNotAssignable<FieldCondition>({ field: 'owner', is: 'like', value: 'ada' });
expectAssignable<Operator>('gte');
expectNotAssignable<Operator>('=');
expectAssignable<OrderTerm>({ field: 'owner', direction: 'asc' });
expectNotAssignable<OrderTerm>({ field: 'owner', direction: 'up' });
expectAssignable<StoredRow>({ id: 'a1', fields: { owner: 'ada' } });
expectNotAssignable<StoredRow>({ fields: {} });
expectAssignable<RowVersion>({ id: 'a1', version: 7 });
expectNotAssignable<RowVersion>({ version: 7 });
expectAssignable<NewRow>({ id: 'a1', fields: { owner: 'ada' }, isIdOpen: true });
expectNotAssignable<NewRow>({ id: 'a1', fields: {}, isIdOpen: 'yes' });
expectAssignable<RowChange>({ table, row: { id: 'a1' }, changes: { owner: 'ada' } });
expectNotAssignable<RowChange>({ table, row: 'a1', changes: {} });
expectAssignable<RereadRows>({ changed: [{ id: 'a1', fields: {} }], gone: ['a2'] });
expectNotAssignable<RereadRows>({ changed: ['a1'], gone: [] });
expectAssignable<TableProblem>({ model: 'account', table: 'account', message: 'no table' });
expectNotAssignable<TableProblem>({ model: 'account', table: 'account' });
expectAssignable<FieldValues>({ owner: 'ada' });
expectType<string>(table.name);
expectType<ModelDescription>(table.model);
expectAssignable<TopicListener>({ topic() {}, gap() {}, error() {} });
expectNotAssignable<TopicListener>({ topic() {} });
expectAssignable<SignalTransport>(new InProcessSignals());
expectNotAssignable<SignalTransport>({ name: 'none' });
expectAssignable<SignalLimits>({ topicBytes: 100, topicsAtOnce: 1, callsAtOnce: 1 });
expectNotAssignable<SignalLimits>({ topicBytes: 100 });
expectType<Store>(memoryStore({ signals: new InProcessSignals() }));
expectError(memoryStore({ signals: {} }));
expectAssignable<AdapterCapabilities>({
  locks: 'store',
  signals: 'after-commit',
  conditions: ALL_OPERATORS,
});
expectNotAssignable<AdapterCapabilities>({ locks: 'page', signals: 'never', conditions: [] });

// The conformance suite.
declare const options: ConformanceOptions;
expectType<void>(describeConformance('sqlite', options));
expectError(describeConformance('sqlite'));
expectError(describeConformance(1, options));
expectError(describeConformance({} as unknown, options));
expectError(describeConformance('sqlite', {} as unknown));
describeConformance({} as any, {} as any);
describeConformance({} as never, {} as never);
expectAssignable<string>(CONFORMANCE_SCHEMA);
expectNotAssignable<number>(CONFORMANCE_SCHEMA);
expectType<string>(conformanceSchema('sqlite'));
expectAssignable<ConformanceDialect>('mysql');
expectNotAssignable<ConformanceDialect>('oracle');
declare const columnTypes: ConformanceTypes;
expectType<string>(conformanceSchema(columnTypes));
expectType<string>(columnTypes[{} as ConformanceColumn]);
expectError(conformanceSchema('oracle'));
expectError(conformanceSchema({ id: 'text' }));

// openTransaction
expectType<Promise<OpenTransaction>>(openTransaction(memoryStore()));
expectError(openTransaction());
expectError(openTransaction('store'));
expectError(openTransaction({} as unknown));
void openTransaction({} as any);
void openTransaction({} as never);
declare const open: OpenTransaction;
expectType<number>(open.run(() => 1));
expectType<Promise<string>>(open.run(async () => 'x'));
expectError(open.run('work'));
expectType<Promise<void>>(open.commit());
expectType<Promise<void>>(open.rollBack());
expectAssignable<ReadColumn>({ name: 'id', type: 25, decode: (text: string) => text });
expectAssignable<ReadResult>({ columns: [], rows: [['a1', null]] });
