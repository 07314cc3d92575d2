import { setTimeout as think } from 'node:timers/promises';
import postgres from 'postgres';
import type { TicketSales } from './ticket-sales.js';

/**
 * The service as it is often written: a transaction, a read, a computation, an update. It loses updates, since nothing keeps two
 * transactions from reading the same row.
 *
 * @param name - of the process, as the database sees it
 * @param onStatement - hears of each statement as the driver sends it
 */
export function salesByHand(
  url: string,
  name: string,
  onStatement: (text: string) => void,
): TicketSales {
  const sql = postgres(url, {
    max: 10,
    connection: { application_name: `${name} by hand` },
    debug: (_connection, text) => onStatement(text),
    fetch_types: false,
  });
  return {
    async sold() {
      const [row] = await sql<{ sold: number }[]>`select sold from event_by_hand where id = 'e1'`;
      return row?.sold ?? 0;
    },
    sell: (thinkMs) =>
      sql.begin(async (transaction) => {
        const [event] = await transaction<{ sold: number }[]>`
          select sold from event_by_hand where id = 'e1'`;
        await think(thinkMs);
        const sold = (event?.sold ?? 0) + 1;
        await transaction`update event_by_hand set sold = ${sold} where id = 'e1'`;
        await transaction`insert into sale_by_hand (process) values (${name})`;
        return sold;
      }),
    close: () => sql.end({ timeout: 1 }),
  };
}
