/** Which entity a `Persistent` or a `Locked` is. */
export interface StoredIdentity {
  readonly model: string;
  readonly id: string;
  readonly kind: 'persistent' | 'locked';
}

/** Constructs the object it is given, so that a subclass can add a private member to any object. */
class Itself {
  constructor(object: object) {
    return object;
  }
}

/**
 * The identity lives in a private member: no copy, proxy or heir of the object has it, nothing outside this file reads or
 * writes it, and unlike an entry of a WeakMap it costs the garbage collector nothing.
 */
class Stamped extends Itself {
  readonly #identity: StoredIdentity;

  constructor(object: object, identity: StoredIdentity) {
    super(object);
    this.#identity = identity;
  }

  static identityOf(value: object): StoredIdentity | undefined {
    return #identity in value ? value.#identity : undefined;
  }
}

/** Notes which entity `value` is a snapshot or a locked view of; once per object, before it is frozen. */
export function registerStored(value: object, identity: StoredIdentity): void {
  new Stamped(value, identity);
}

/** Which entity `value` is; `undefined` for everything that no repository handed out. */
export function storedIdentity(value: unknown): StoredIdentity | undefined {
  return typeof value === 'object' && value !== null ? Stamped.identityOf(value) : undefined;
}
