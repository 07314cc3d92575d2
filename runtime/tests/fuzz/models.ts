import { defineModel, defineSignals } from '@justscale/runtime';
import { z } from 'zod';

/** Takes as much as a schema can: what arrives at the store is what a fuzzer made. */
export class Thing extends defineModel(
  'thing',
  z.object({
    title: z.string(),
    note: z.string().optional(),
    amount: z.number(),
    isOpen: z.boolean().optional(),
    data: z.unknown(),
    /** There is no such column. */
    missing: z.string().optional(),
    /** Postgres computes it. */
    twice: z.number().optional(),
  }),
) {}

export class Other extends defineModel('other', z.object({ title: z.string() })) {}

export class FuzzSignals extends defineSignals((signal) => ({
  touched: signal('/thing/:thing/touched/:how').types({ thing: Thing }),
  said: signal('/said/:what'),
})) {}

/** The tables, and one that must stay as it is, whatever text arrives. */
export const DDL = `
  create table thing (
    id text collate "C" primary key,
    title text not null,
    note text,
    amount double precision not null,
    is_open boolean,
    data jsonb,
    twice double precision generated always as (amount * 2) stored,
    secret text default 'not yours'
  );
  create table canary (value int not null);
  insert into canary values (1);
`;
