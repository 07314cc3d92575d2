import { LockNotHeldError, LockReleasedError, ReadonlyEntityError } from '../errors/lock-errors.js';
import { ProcessableEncodeError } from '../errors/wire-errors.js';
import type { StoredRow } from '../adapter/adapter.js';
import { addMembers, classMembers } from '../model/class-members.js';
import type { FieldValues } from '../model/field-values.js';
import { createSnapshot, sampleOf } from '../model/snapshot.js';
import { registerStored, storedIdentity } from '../model/stored-identity.js';
import { exposeValue } from '../model/stored-value.js';
import type { LockedRow, LockRecord } from './lock-record.js';

/** The lock behind a `Locked`; `undefined` for everything else, copies and proxies of one included. */
export function lockRecordOf(value: unknown): LockRecord | undefined {
  const identity = storedIdentity(value);
  return identity?.kind === 'locked' ? (identity as LockRecord) : undefined;
}

/**
 * Makes the `Locked` objects of one repository. A view has no properties of its own: its fields are accessors that find
 * the lock by the object's identity. So a copy carries no data, and a proxy or an heir of it reads nothing.
 */
export class LockedViewFactory {
  readonly #model: string;
  /** The prototype of the model's class. */
  readonly #class: object;
  /** The prototype of the views, which inherits from the class's. */
  readonly #prototype: object;
  readonly #fields = new Set<string>();
  /** The fields that the class gives to each of its objects, and an object of each row to read them from. */
  readonly #members = new Set<string>();
  readonly #objects = new WeakMap<StoredRow, object>();

  /**
   * @param model - the model's name
   * @param prototype - the prototype of the model's class, whose methods the views inherit
   */
  constructor(model: string, prototype: object) {
    this.#model = model;
    this.#class = prototype;
    this.#prototype = createViewPrototype(model, prototype);
  }

  /**
   * Makes a `Locked` of a locked row.
   *
   * @param repository - whose writes take it, by identity
   */
  create(row: LockedRow, repository: object): object {
    this.show(row.stored.fields);
    const view = Object.create(this.#prototype) as object;
    const { id } = row.stored;
    const record: LockRecord = { kind: 'locked', model: this.#model, id, repository, row };
    registerStored(view, record);
    this.#addMembers(view, row.stored);
    return Object.freeze(view);
  }

  /** Lets all views, those in use too, show these fields: a row may get a field that it did not have. */
  show(fields: FieldValues): void {
    for (const field of Object.keys(fields)) {
      if (!this.#fields.has(field)) this.#defineField(field);
    }
  }

  /**
   * Gives a view the private members of its class. Public fields of the class are read from an object of the row as it is then: what
   * they computed of a row that has changed since would be out of date.
   */
  #addMembers(view: object, { id, fields }: StoredRow): void {
    const { names, areAdded } = classMembers(this.#class, () => sampleOf(this.#class, id, fields));
    if (!areAdded) return;
    addMembers(view, this.#class);
    for (const name of Object.keys(view)) Reflect.deleteProperty(view, name);
    for (const name of names) {
      if (!this.#members.has(name)) this.#defineMember(name);
    }
  }

  #defineMember(name: string): void {
    const model = this.#model;
    const read = ({ stored }: LockedRow): unknown => {
      let object = this.#objects.get(stored);
      if (object === undefined) {
        object = createSnapshot(this.#class, model, stored.id, stored.fields);
        this.#objects.set(stored, object);
      }
      return (object as Readonly<Record<string, unknown>>)[name];
    };
    Object.defineProperty(this.#prototype, name, {
      get(this: unknown): unknown {
        return read(readableRow(this, model));
      },
      set(): never {
        throw new ReadonlyEntityError(model, name);
      },
    });
    this.#members.add(name);
  }

  #defineField(field: string): void {
    const model = this.#model;
    Object.defineProperty(this.#prototype, field, {
      get(this: unknown): unknown {
        return readField(readableRow(this, model), field);
      },
      set(): never {
        throw new ReadonlyEntityError(model, field);
      },
    });
    this.#fields.add(field);
  }
}

function createViewPrototype(model: string, prototype: object): object {
  return Object.create(prototype, {
    id: {
      get(this: unknown): string {
        return recordOf(this, model).id;
      },
      set(): never {
        throw new ReadonlyEntityError(model, 'id');
      },
    },
    toJSON: {
      value(): never {
        throw new ProcessableEncodeError(
          '$',
          `a Locked<${model}> cannot leave its transaction; send Model.ref(entity) and lock it again there`,
        );
      },
    },
    [Symbol.for('nodejs.util.inspect.custom')]: {
      value(
        this: unknown,
        _depth: number,
        options: object,
        inspect?: (value: unknown, options: object) => string,
      ) {
        const record = lockRecordOf(this);
        if (record === undefined) return `[copy of a Locked<${model}>]`;
        const name = `Locked<${model}> ${record.id}`;
        if (record.row.state === 'released') return `[released ${name}]`;
        return `${name} ${inspect === undefined ? '' : inspect(record.row.stored.fields, options)}`;
      },
    },
  }) as object;
}

function readField(row: LockedRow, field: string): unknown {
  const value = row.stored.fields[field];
  if (!(value instanceof Uint8Array)) return exposeValue(value);
  row.bytes ??= new Map();
  const known = row.bytes.get(field);
  if (known !== undefined) return known;
  const copy = exposeValue(value) as Uint8Array;
  row.bytes.set(field, copy);
  return copy;
}

function recordOf(view: unknown, model: string): LockRecord {
  const record = lockRecordOf(view);
  if (record === undefined)
    throw new LockNotHeldError(model, `A copy, proxy or heir of a Locked<${model}>`);
  return record;
}

function readableRow(view: unknown, model: string): LockedRow {
  const { id, row } = recordOf(view, model);
  if (row.state === 'released') {
    throw new LockReleasedError(model, id, 'was released when its transaction ended');
  }
  return row;
}
