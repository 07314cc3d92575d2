/** Which entity a `Persistent` or a `Locked` is. */
export interface StoredIdentity {
  readonly model: string;
  readonly id: string;
  readonly state: 'persistent' | 'locked';
}

const identities = new WeakMap<object, StoredIdentity>();

/** Notes which entity `value` is a snapshot or a locked view of. */
export function registerStored(value: object, identity: StoredIdentity): void {
  identities.set(value, identity);
}

/** Which entity `value` is; `undefined` for everything that no repository handed out. */
export function storedIdentity(value: unknown): StoredIdentity | undefined {
  return typeof value === 'object' && value !== null ? identities.get(value) : undefined;
}
