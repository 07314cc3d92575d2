import { defineModel, defineSignals } from '@justscale/runtime';
import { z } from 'zod';

/** A row with a list: each transaction that locks it appends an entry of its own, so that the list tells what happened. */
export class ListRow extends defineModel('list_row', z.object({ entries: z.array(z.string()) })) {}

/** An account; the sum of all balances never changes. */
export class Account extends defineModel('account', z.object({ balance: z.number().int() })) {}

/** A counter that hands out the numbers 1, 2, 3 … */
export class Sequence extends defineModel('sequence', z.object({ count: z.number().int() })) {}

/** A number that was handed out. */
export class Issued extends defineModel(
  'issued',
  z.object({ sequence: z.string(), number: z.number().int() }),
) {}

/** A set whose members are rows. */
export class Group extends defineModel('member_group', z.object({ size: z.number().int() })) {}

/** A member of a set, once. */
export class Member extends defineModel(
  'member',
  z.object({ memberGroup: z.string(), name: z.string() }),
) {}

export class TortureSignals extends defineSignals((signal) => ({
  changed: signal('/row/:row/changed/:nonce').types({ row: ListRow }),
})) {}

/** The tables, for Postgres. */
export const SCHEMA = `
  create table list_row (id text collate "C" primary key, entries jsonb not null);
  create table account (id text collate "C" primary key, balance bigint not null);
  create table sequence (id text collate "C" primary key, count integer not null);
  create table issued (
    id text collate "C" primary key, sequence text not null, number integer not null
  );
  create table member_group (id text collate "C" primary key, size integer not null);
  create table member (
    id text collate "C" primary key, member_group text not null, name text not null, unique (member_group, name)
  );
`;

/** How many rows of each kind a run begins with. */
export const POPULATION = {
  lists: 60,
  hotRows: 8_192,
  accounts: 24,
  sequences: 6,
  groups: 3,
  balance: 1_000,
} as const;

/** A list that is longer than this is left alone: a row should stay small. */
export const LONGEST_LIST = 400;
