export { postgresStore } from './postgres-store.js';
export type { DriverOptions, PostgresStoreOptions } from './postgres-options.js';
