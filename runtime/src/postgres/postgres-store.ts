import { createStore } from '../adapter/create-store.js';
import type { Store } from '../store/store.js';
import { Driver } from './driver.js';
import { PostgresAdapter } from './postgres-adapter.js';
import {
  checkSettings,
  type DriverOptions,
  type PostgresStoreOptions,
} from './postgres-options.js';

/**
 * A store in a PostgreSQL database (14 or later). Connects when it is first used.
 *
 * @param urlOrOptions - a `postgres://` url, or the options of the driver, the package `postgres`
 * @throws {@link InvalidOptionError} for an option that cannot be used
 */
export function postgresStore(
  urlOrOptions: string | DriverOptions,
  options: PostgresStoreOptions = {},
): Store {
  const settings = checkSettings(options);
  const driver = new Driver(urlOrOptions, settings);
  return createStore(new PostgresAdapter(driver, settings), options);
}
