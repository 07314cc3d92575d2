import { isLocalStatement } from '../proxy/local-statements.js';
import type { Statement } from '../proxy/statement.js';
import type { Step } from '../report/step.js';
import type { ProcessSide } from '../schedule/process-side.js';
import type { Turn } from '../schedule/run-schedule.js';

/** The statements of a schedule, with those that no turn was needed for, such as BEGIN, before the next of their process. */
export function stepsOf(turns: readonly Turn[], sides: readonly ProcessSide[]): Step[] {
  const waiting = new Map(sides.map(({ name, proxy }) => [name, [...proxy.released]]));
  return turns.flatMap(({ process, statement }) => {
    const released = waiting.get(process) ?? [];
    const sent = released.splice(0, released.indexOf(statement) + 1);
    return sent
      .filter((one) => one === statement || isForReaders(one))
      .map(({ sql, connection, waited, error }) => ({ process, connection, sql, waited, error }));
  });
}

/** What a driver asks the catalog for, and what it only prepares, says nothing about a schedule. */
function isForReaders({ sql }: Statement): boolean {
  return sql.trim() !== '' && isLocalStatement(sql, true);
}
