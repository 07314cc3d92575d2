// A model of Effect Schema.
import { defineModel, type Persistent, type Store } from '@justscale/runtime';
import { Schema } from 'effect';

class Account extends defineModel(
  'account',
  Schema.toStandardSchemaV1(
    Schema.Struct({
      owner: Schema.String,
      balance: Schema.Number,
      nick: Schema.optional(Schema.String),
    }),
  ),
) {}
export const draft = new Account({ owner: 'ada', balance: 1 });
draft.balance = 2;
export const names = (all: readonly Persistent<Account>[]): string[] =>
  all.map(({ owner }) => owner);
export const save = (store: Store) => store.repository(Account).save(draft);
