import type { Sql } from 'postgres';

/** How many ids of its own each sequence has. */
const RANGE = 1_000_000;

/** By how much the sequences of a second execution are ahead of those of the first. */
export const SEQUENCE_SHIFT = 400_009;

/**
 * Gives each sequence a range of its own, so that an id says which sequence it is from.
 *
 * @returns the statements that do it
 */
export async function separateSequences(sql: Sql): Promise<string[]> {
  const statements = await sql<{ statement: string }[]>`
    select format('select setval(%L, %s)', format('%I.%I', schemaname, sequencename), next) as statement
    from (
      select *, coalesce(last_value, start_value) + ${RANGE}::bigint * row_number() over (order by schemaname, sequencename) as next
      from pg_catalog.pg_sequences
      where increment_by = 1 and not cycle
    ) as sequences
    where next < max_value - ${RANGE}
    order by schemaname, sequencename`;
  for (const { statement } of statements) await sql.unsafe(statement);
  return statements.map(({ statement }) => statement);
}

/** Lets every sequence go on from elsewhere in its range, so that the ids it gives differ from those of a database that is its equal. */
export async function shiftSequences(sql: Sql): Promise<void> {
  await sql`
    select setval(format('%I.%I', schemaname, sequencename)::regclass, last_value + ${SEQUENCE_SHIFT})
    from pg_catalog.pg_sequences
    where increment_by = 1 and not cycle and last_value + ${SEQUENCE_SHIFT} < max_value`;
}
