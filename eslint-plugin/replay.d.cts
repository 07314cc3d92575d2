// For CommonJS: the values and types of dist/replay/index.js, which is a module.
type Replay = typeof import('./dist/replay/index.js', { with: { 'resolution-mode': 'import' } });

export type * from './dist/replay/index.js' with { 'resolution-mode': 'import' };

export declare const explore: Replay['explore'];
export declare const toSarif: Replay['toSarif'];
export declare const toTestFile: Replay['toTestFile'];

export declare const ReplayError: Replay['ReplayError'];
export type ReplayError = InstanceType<Replay['ReplayError']>;
export declare const UnreachableError: Replay['UnreachableError'];
export type UnreachableError = InstanceType<Replay['UnreachableError']>;
export declare const NotPostgresError: Replay['NotPostgresError'];
export type NotPostgresError = InstanceType<Replay['NotPostgresError']>;
export declare const DatabaseUrlError: Replay['DatabaseUrlError'];
export type DatabaseUrlError = InstanceType<Replay['DatabaseUrlError']>;
export declare const SetupError: Replay['SetupError'];
export type SetupError = InstanceType<Replay['SetupError']>;
export declare const SilentOperationError: Replay['SilentOperationError'];
export type SilentOperationError = InstanceType<Replay['SilentOperationError']>;
export declare const ReplayTimeoutError: Replay['ReplayTimeoutError'];
export type ReplayTimeoutError = InstanceType<Replay['ReplayTimeoutError']>;
export declare const OperationProcessError: Replay['OperationProcessError'];
export type OperationProcessError = InstanceType<Replay['OperationProcessError']>;
export declare const ReplayAbortedError: Replay['ReplayAbortedError'];
export type ReplayAbortedError = InstanceType<Replay['ReplayAbortedError']>;
export declare const UnwritableArgumentsError: Replay['UnwritableArgumentsError'];
export type UnwritableArgumentsError = InstanceType<Replay['UnwritableArgumentsError']>;
