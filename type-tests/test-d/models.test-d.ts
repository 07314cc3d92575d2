import {
  defineModel,
  type DraftFields,
  type FieldsOf,
  type Locked,
  type ModelClass,
  type ModelInstance,
  type ModelOptions,
  type NewFields,
  type Persistent,
  type Ref,
  type ReservedFieldName,
  type Transient,
} from '@justscale/runtime';
import { expectAssignable, expectError, expectType } from 'tsd';
import { z } from 'zod';
import { Account, SavingsAccount, Wallet } from './domain.js';

declare const locked: Locked<Account>;
declare const persistent: Persistent<Account>;
declare const transient: Transient<Account>;

// A definition knows the name and the fields.
const Note = defineModel('note', z.object({ text: z.string() }));
expectType<ModelClass<'note', { text: string }>>(Note);
expectType<'note'>(Note.modelName);
expectType<{ text: string }>({} as FieldsOf<typeof Note>);
expectType<string>({} as FieldsOf<typeof Account>['owner']);

// The name is text, the schema a Standard Schema of an object.
expectError(defineModel(1, z.object({ text: z.string() })));
expectError(defineModel({} as unknown, z.object({ text: z.string() })));
expectError(defineModel('note', z.string()));
expectError(defineModel('note', { text: 'string' }));
expectError(defineModel('note', {} as unknown));
expectError(defineModel('note'));
defineModel({} as any, z.object({ text: z.string() }));
defineModel('note', {} as any);
defineModel('note', {} as never);

// Names that belong to the states.
expectAssignable<ReservedFieldName>('id');
defineModel('session', z.object({ ident: z.string() }));
expectError(defineModel('session', z.object({ id: z.string() })));
expectError(defineModel('session', z.object({ toJSON: z.string() })));
expectError(defineModel('session', z.object({ then: z.string() })));
expectError(defineModel('session', z.object({ constructor: z.string() })));

// Construction takes every field, with its type, and an id.
expectType<Account>(new Account({ owner: 'ada', balance: 0, tags: [] }));
expectType<Account>(
  new Account({ owner: 'ada', balance: 0, tags: [], nickname: 'a' }, { id: 'a1' }),
);
expectError(new Account({ owner: 'ada', balance: 0 }));
expectError(new Account({ owner: 'ada', balance: '0', tags: [] }));
expectError(new Account({ owner: 'ada', balance: 0, tags: [], limit: 1 }));
expectError(new Account({ owner: 'ada', balance: 0, tags: [] }, { id: 1 }));
expectError(new Account({} as unknown));
expectError(new Account());
new Account({} as any, {} as any);
new Account({} as never, {} as never);

// A reference: from an id, or from what names an entity of this model.
expectType<Ref<Account>>(Account.ref('a1'));
expectType<Ref<Account>>(Account.ref(locked));
expectType<Ref<Account>>(Account.ref(persistent));
expectType<Ref<Account>>(Account.ref(Account.ref('a1')));
expectType<Ref<SavingsAccount>>(SavingsAccount.ref('a1'));
expectError(Account.ref(transient));
expectError(Account.ref(1));
expectError(Account.ref(null));
expectError(Account.ref({} as unknown));
expectError(Account.ref(Wallet.ref('w1')));
expectError(Wallet.ref(locked));
expectType<Ref<Account>>(Account.ref({} as any));
expectType<Ref<Account>>(Account.ref({} as never));

// A constructor takes what the schema takes; what is read is what the schema gives.
class Defaulted extends defineModel(
  'defaulted',
  z.object({ owner: z.string(), balance: z.number().default(0), at: z.coerce.date() }),
) {}
expectType<Defaulted>(new Defaulted({ owner: 'ada', at: '2020-01-01' }));
expectError(new Defaulted({ balance: 1, at: 0 }));
expectError(new Defaulted({ owner: 'ada', at: 0, balance: '1' }));
expectType<number>({} as Persistent<Defaulted>['balance']);
expectType<Date>({} as Persistent<Defaulted>['at']);

// What the database computes: may be left out of a new entity, is always there when read.
class Order extends defineModel('order', z.object({ number: z.number(), note: z.string() }), {
  generated: ['number'],
}) {}
expectType<Order>(new Order({ note: 'x' }));
expectType<Order>(new Order({ note: 'x', number: 1 }));
expectError(new Order({ number: 1 }));
expectError(new Order({ note: 'x', number: '1' }));
expectType<number>({} as Persistent<Order>['number']);
expectError(defineModel('order', z.object({ note: z.string() }), { generated: ['number'] }));
expectAssignable<ModelOptions<'number'>>({ generated: ['number'] });
expectType<{ a: string }>({} as NewFields<{ a: string }, never>);

// A union as a whole model: every kind is made, and a snapshot is told apart by its kind.
const payment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card'), last4: z.string() }),
  z.object({ kind: z.literal('invoice'), days: z.number() }),
]);
class Payment extends defineModel('payment', payment) {
  label(): string {
    return this.kind === 'card' ? `card ${this.last4 ?? ''}` : 'invoice';
  }
}
expectType<Payment>(new Payment({ kind: 'card', last4: '4242' }));
expectError(new Payment({ kind: 'card', days: 30 }));
declare const paid: Persistent<Payment>;
if (paid.kind === 'invoice') expectType<number>(paid.days);
expectError(paid.days);
expectType<string>(paid.label());

// What a draft shows is writable, also of a schema whose fields are readonly.
expectAssignable<ModelInstance<'note', { text: string }>>(new Note({ text: 'x' }));
expectType<{ text: string }>({} as DraftFields<{ readonly text: string }>);

// What cannot be stored is no field.
expectError(defineModel('group', z.object({ members: z.set(z.string()) })));
expectError(defineModel('group', z.object({ seats: z.map(z.string(), z.number()) })));
expectError(defineModel('group', z.object({ call: z.custom<() => void>() })));
expectError(defineModel('group', z.object({ author: z.custom<Ref<Account>>() })));
expectError(defineModel('group', z.object({ address: z.object({ since: z.date() }) })));
defineModel('group', z.object({ members: z.array(z.string()), since: z.date(), data: z.json() }));
defineModel(
  'group',
  z.object({ any: z.any(), unknown: z.unknown(), bytes: z.instanceof(Uint8Array) }),
);
