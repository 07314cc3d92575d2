import { defineModel, defineSignals } from '@justscale/runtime';
import { z } from 'zod';

export class Item extends defineModel(
  'item',
  z.object({ program: z.string(), amount: z.number(), note: z.string().optional() }),
) {}

export class ItemSignals extends defineSignals((signal) => ({
  touched: signal('/item/:item/touched/:step').types({ item: Item }),
})) {}

/**
 * The table, and a check for deadlocks as soon as a wait begins: whoever closes the cycle is then the one refused, as on
 * memory, and not whoever waited longest. That they have looked, the backends tell their clients.
 */
export const DDL = `
  create table item (id text primary key, program text not null, amount bigint not null, note text);
  create index on item (program);
  do $$ begin
    execute format('alter database %I set deadlock_timeout = ''1ms''', current_database());
    execute format('alter database %I set log_lock_waits = on', current_database());
    execute format('alter database %I set client_min_messages = log', current_database());
  end $$;
`;
