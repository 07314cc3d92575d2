import {
  defineModel,
  type FieldsOf,
  type Locked,
  type ModelClass,
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
