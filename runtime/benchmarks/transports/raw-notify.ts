import postgres from 'postgres';

import type { Closing, Emitter } from './transport.js';

const CHANNEL = 'parcels';
const BATCH = 500;

const payloadOf = (id: string): string => `/parcel/${id}/shipped`;

/** By hand, on the driver: `NOTIFY` for one, `pg_notify(…) from unnest(…)` in batches of 500 for many. */
export async function openEmitter(url: string): Promise<Emitter> {
  const sql = postgres(url, { max: 1 });
  return {
    emit: (id) => sql.notify(CHANNEL, payloadOf(id)),
    async emitAll(ids) {
      for (let at = 0; at < ids.length; at += BATCH) {
        const payloads = ids.slice(at, at + BATCH).map(payloadOf);
        await sql`select pg_notify(${CHANNEL}, payload) from unnest(${payloads}::text[]) as payload`;
      }
    },
    close: () => sql.end(),
  };
}

export async function openListener(url: string, onSignal: (id: string) => void): Promise<Closing> {
  const sql = postgres(url, { max: 1 });
  await sql.listen(CHANNEL, (payload) => onSignal(payload.split('/')[2] ?? ''));
  return { close: () => sql.end() };
}
