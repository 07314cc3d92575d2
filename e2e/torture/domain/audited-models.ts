import { defineModel } from '@justscale/runtime';
import { z } from 'zod';

/**
 * A row of a table as strangers have them: a CHECK, a UNIQUE, a trigger that corrects what is written, one that audits every
 * change, and one that counts in another row. Each change names itself, so that the audit can be held against it.
 */
export class Slot extends defineModel(
  'slot',
  z.object({
    shelf: z.string(),
    amount: z.number().int(),
    label: z.string().optional(),
    change: z.string(),
  }),
) {}

/** What is put into a slot: a trigger adds its weight to the slot, also when that is locked. */
export class Entry extends defineModel(
  'entry',
  z.object({ slot: z.string(), weight: z.number().int(), change: z.string() }),
) {}

/** The amounts that the CHECK of a slot allows. */
export const AMOUNTS = { least: 0, most: 199 } as const;

/** A trigger adds one to every amount that this divides. */
const CORRECTED = 50;

/** What a slot holds after `amount` was written into it. */
export function correctedAmount(amount: number): number {
  return amount % CORRECTED === 0 ? amount + 1 : amount;
}

/** Whether the CHECK of a slot allows that this amount is written into it. */
export function isAllowedAmount(amount: number): boolean {
  const corrected = correctedAmount(amount);
  return corrected >= AMOUNTS.least && corrected <= AMOUNTS.most;
}

/** What a change is called that the run begins with. */
export const OPENING = 'opening';

/** What the deletion of a slot is called: nothing else deletes it. */
export function deletionOf(slot: string): string {
  return `delete ${slot}`;
}

/** The tables, for Postgres. */
export const AUDITED_SCHEMA = `
  create table shelf (id text collate "C" primary key, slots integer not null, changes integer not null);
  create table slot (
    id text collate "C" primary key, shelf text not null references shelf,
    amount integer not null check (amount between ${AMOUNTS.least} and ${AMOUNTS.most}),
    label text unique, change text not null, entries integer not null default 0
  );
  create table entry (
    id text collate "C" primary key, slot text not null references slot on delete cascade,
    weight integer not null, change text not null unique
  );
  create table slot_audit (
    seq bigint generated always as identity, operation text not null, shelf text not null, slot text not null,
    change text not null, amount_before integer, amount_after integer
  );

  create function correct_slot() returns trigger language plpgsql as $$ begin
    if new.amount % ${CORRECTED} = 0 then new.amount := new.amount + 1; end if;
    return new;
  end $$;
  create trigger correct before update on slot for each row execute function correct_slot();

  create function audit_slot() returns trigger language plpgsql as $$ begin
    insert into slot_audit (operation, shelf, slot, change, amount_before, amount_after) values (
      lower(tg_op), coalesce(new.shelf, old.shelf), coalesce(new.id, old.id), case tg_op when 'DELETE' then 'delete ' || old.id else new.change end,
      old.amount, new.amount
    );
    return null;
  end $$;
  create trigger audit after insert or update or delete on slot for each row execute function audit_slot();

  create function count_on_shelf() returns trigger language plpgsql as $$ begin
    update shelf set
      slots = slots + case tg_op when 'INSERT' then 1 when 'DELETE' then -1 else 0 end,
      changes = changes + 1
    where id = coalesce(new.shelf, old.shelf);
    return null;
  end $$;
  create trigger count after insert or update or delete on slot for each row execute function count_on_shelf();

  create function add_to_slot() returns trigger language plpgsql as $$ begin
    update slot set amount = amount + new.weight, entries = entries + 1, change = new.change where id = new.slot;
    return null;
  end $$;
  create trigger add after insert on entry for each row execute function add_to_slot();
`;

/** How many rows of each kind a run begins with. */
export const AUDITED_POPULATION = { shelves: 12, slotsOfEach: 3, amount: 101 } as const;

/** The shelf of each slot that a run begins with, by its id. */
export const SLOTS: ReadonlyMap<string, string> = new Map(
  Array.from({ length: AUDITED_POPULATION.shelves }, (_, shelf) =>
    Array.from({ length: AUDITED_POPULATION.slotsOfEach }, (__, slot): [string, string] => [
      `slot-${shelf}-${slot}`,
      `shelf-${shelf}`,
    ]),
  ).flat(),
);
