import type { Sql } from 'postgres';
import { AUDITED_POPULATION, AUDITED_SCHEMA, OPENING, SLOTS } from '../domain/audited-models.js';
import { POPULATION, SCHEMA } from '../domain/models.js';
import type { AuditRow, AuditState, SlotState } from '../history/audit.js';
import type { FinalState } from '../history/history.js';

/** Creates the tables and the rows that a run begins with. */
export async function populate(sql: Sql): Promise<void> {
  await sql.unsafe(SCHEMA);
  await sql.unsafe(AUDITED_SCHEMA);
  const { lists, hotRows, accounts, sequences, groups, balance } = POPULATION;
  await sql`insert into list_row select 'list-' || n, '[]' from generate_series(0, ${lists - 1}::int) n`;
  await sql`insert into list_row select 'hot-' || n, '[]' from generate_series(0, ${hotRows - 1}::int) n`;
  await sql`insert into account select 'account-' || n, ${balance}::int from generate_series(0, ${accounts - 1}::int) n`;
  await sql`insert into sequence select 'sequence-' || n, 0 from generate_series(0, ${sequences - 1}::int) n`;
  await sql`insert into member_group select 'group-' || n, 0 from generate_series(0, ${groups - 1}::int) n`;
  for (const shelf of new Set(SLOTS.values()))
    await sql`insert into shelf (id, slots, changes) values (${shelf}, 0, 0)`;
  for (const [id, shelf] of SLOTS) {
    const { amount } = AUDITED_POPULATION;
    await sql`insert into slot (id, shelf, amount, change) values (${id}, ${shelf}, ${amount}, ${OPENING})`;
  }
}

/** Reads what the database holds when the run is over. */
export async function readFinalState(sql: Sql): Promise<FinalState> {
  const lists = await sql<{ id: string; entries: string[] }[]>`select id, entries from list_row`;
  const accounts = await sql<{ id: string; balance: string }[]>`select id, balance from account`;
  const sequences = await sql<{ id: string; count: number }[]>`select id, count from sequence`;
  const issued = await sql<
    { sequence: string; number: number }[]
  >`select sequence, number from issued`;
  const members = await sql<{ memberGroup: string; name: string }[]>`
    select member_group as "memberGroup", name from member`;
  return {
    lists: new Map(lists.map(({ id, entries }) => [id, entries])),
    balances: new Map(accounts.map(({ id, balance }) => [id, Number(balance)])),
    audited: await readAudit(sql),
    expectedTotal: POPULATION.accounts * POPULATION.balance,
    sequences: new Map(
      sequences.map(({ id, count }) => {
        const numbers = issued
          .filter(({ sequence }) => sequence === id)
          .map(({ number }) => number);
        return [id, { count, numbers }];
      }),
    ),
    members: new Map(
      members.map(({ memberGroup }) => [
        memberGroup,
        members.filter((row) => row.memberGroup === memberGroup).map(({ name }) => name),
      ]),
    ),
  };
}

async function readAudit(sql: Sql): Promise<AuditState> {
  const slots = await sql<(SlotState & { id: string })[]>`
    select id, shelf, amount, label, slot.entries as counted,
      (select count(*)::int from entry where slot = slot.id) as entries
    from slot`;
  const shelves = await sql<
    { id: string; slots: number; changes: number }[]
  >`select id, slots, changes from shelf`;
  return {
    audit: await sql<AuditRow[]>`
      select operation, shelf, slot, change, amount_before as before, amount_after as after
      from slot_audit order by seq`,
    slots: new Map(slots.map((slot) => [slot.id, slot])),
    shelves: new Map(shelves.map((shelf) => [shelf.id, shelf])),
  };
}
