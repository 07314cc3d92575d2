import type { Sql } from 'postgres';
import { POPULATION, SCHEMA } from '../domain/models.js';
import type { FinalState } from '../history/history.js';

/** Creates the tables and the rows that a run begins with. */
export async function populate(sql: Sql): Promise<void> {
  await sql.unsafe(SCHEMA);
  const { lists, hotRows, accounts, sequences, groups, balance } = POPULATION;
  await sql`insert into list_row select 'list-' || n, '[]' from generate_series(0, ${lists - 1}::int) n`;
  await sql`insert into list_row select 'hot-' || n, '[]' from generate_series(0, ${hotRows - 1}::int) n`;
  await sql`insert into account select 'account-' || n, ${balance}::int from generate_series(0, ${accounts - 1}::int) n`;
  await sql`insert into sequence select 'sequence-' || n, 0 from generate_series(0, ${sequences - 1}::int) n`;
  await sql`insert into member_group select 'group-' || n, 0 from generate_series(0, ${groups - 1}::int) n`;
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
