import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { defineModel } from '../model/define-model.js';
import type { Locked } from '../model/states.js';
import { defineSignals, type SignalGroupClass } from '../signals/define-signals.js';
import type { SignalDefinition } from '../signals/signal-types.js';

export interface AccountFields {
  owner: string;
  balance: number;
  nick?: string;
}

export interface RecordFields {
  bytes: Uint8Array;
  at: Date;
  big: bigint;
  amount: string;
  isOpen: boolean;
  ratio: number;
  /** `null` is a value here, other than in `nick`, which is absent. */
  remark: string | null;
  tags: string[];
  settings: { theme: string; sizes: number[] };
}

type Check = (value: unknown) => boolean;

/** A Standard Schema in a few lines, so that the suite depends on no library. It tells the names of its fields. */
function schema<F extends object>(
  checks: Readonly<Record<keyof F & string, Check>>,
): StandardSchemaV1<F, F> {
  const describe = (): Record<string, unknown> => ({
    type: 'object',
    properties: Object.fromEntries(Object.keys(checks).map((field) => [field, {}])),
    additionalProperties: false,
  });
  const standard: StandardSchemaV1.Props<F, F> & StandardJSONSchemaV1.Props<F, F> = {
    version: 1,
    vendor: 'justscale-conformance',
    jsonSchema: { input: describe, output: describe },
    validate(value) {
      const fields = value as Readonly<Record<string, unknown>>;
      const known = Object.entries<Check>(checks);
      const issues = known
        .filter(([field, check]) => !check(fields[field]))
        .map(([field]) => ({ path: [field], message: 'has the wrong type' }));
      if (issues.length > 0) return { issues };
      const kept = known
        .filter(([field]) => Object.hasOwn(fields, field))
        .map(([field]) => [field, fields[field]]);
      return { value: Object.fromEntries(kept) as F };
    },
  };
  return { '~standard': standard };
}

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';

export const accountSchema: StandardSchemaV1<AccountFields, AccountFields> = schema<AccountFields>({
  owner: isText,
  balance: isNumber,
  nick: (value) => value === undefined || isText(value),
});

const recordSchema: StandardSchemaV1<RecordFields, RecordFields> = schema<RecordFields>({
  bytes: (value) => value instanceof Uint8Array,
  at: (value) => value instanceof Date,
  big: (value) => typeof value === 'bigint',
  amount: isText,
  isOpen: (value) => typeof value === 'boolean',
  ratio: isNumber,
  remark: (value) => value === null || isText(value),
  tags: (value) => Array.isArray(value) && value.every(isText),
  settings: (value) =>
    typeof value === 'object' && value !== null && 'theme' in value && 'sizes' in value,
});

const AccountModel: ReturnType<typeof defineModel<'conformance_account', typeof accountSchema>> =
  defineModel('conformance_account', accountSchema);
const RecordModel: ReturnType<typeof defineModel<'conformance_record', typeof recordSchema>> =
  defineModel('conformance_record', recordSchema);

/** What most cases work on. */
export class ConformanceAccount extends AccountModel {
  get isOverdrawn(): boolean {
    return this.balance < 0;
  }

  withdrawal(this: Locked<ConformanceAccount>, amount: number): { balance: number } {
    return { balance: this.balance - amount };
  }
}

/** A value of every kind. */
export class ConformanceRecord extends RecordModel {}

interface AccountParameter {
  readonly account: typeof ConformanceAccount;
}

const Signals: SignalGroupClass<{
  readonly changed: SignalDefinition<'/conformance/:account/changed/:how', AccountParameter>;
  readonly closed: SignalDefinition<'/conformance/:account/closed', AccountParameter>;
}> = defineSignals((signal) => ({
  changed: signal('/conformance/:account/changed/:how').types({ account: ConformanceAccount }),
  closed: signal('/conformance/:account/closed').types({ account: ConformanceAccount }),
}));

export class ConformanceSignals extends Signals {}
