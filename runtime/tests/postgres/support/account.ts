import { defineModel } from '@justscale/runtime';
import { z } from 'zod';

/** A model with a counter: a lost update is a number that is too small. */
export class Account extends defineModel(
  'account',
  z.object({ owner: z.string(), balance: z.number(), note: z.string().optional() }),
) {}

export const ACCOUNT_SCHEMA = `
  create table account (
    id text collate "C" primary key,
    owner text not null constraint owner_not_empty check (owner <> ''),
    balance bigint not null,
    note varchar(10),
    constraint account_owner_key unique (owner)
  )`;
