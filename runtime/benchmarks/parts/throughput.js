import { withChildren } from '../by-turns.js';
import {
  measureOpen,
  measureVariant,
  NEW_CONNECTION_TURNS,
  startVariant,
} from '../measure-variant.js';

export const ROWS = 1_000;

/**
 * The conditions under which locked updates are counted: so many clients with rows of their own, or all on one, next to the
 * server or behind the delay.
 */
export const CONDITIONS = [
  { name: 'c1', title: '1 client', clients: 1, rows: ROWS, isDelayed: false },
  { name: 'c10', title: '10', clients: 10, rows: ROWS, isDelayed: false },
  { name: 'c50', title: '50', clients: 50, rows: ROWS, isDelayed: false },
  { name: 'hot10', title: 'one hot row, 10', clients: 10, rows: 1, isDelayed: false },
  { name: 'hot50', title: 'one hot row, 50', clients: 50, rows: 1, isDelayed: false },
  { name: 'far1', title: '+2.4 ms, 1', clients: 1, rows: ROWS, isDelayed: true },
  { name: 'far10', title: '+2.4 ms, 10', clients: 10, rows: ROWS, isDelayed: true },
  { name: 'farHot10', title: '+2.4 ms, hot row, 10', clients: 10, rows: 1, isDelayed: true },
];

/** The names of the variants' files; the first is what all are compared with. */
export const VARIANTS = [
  'hand-written',
  'mutate',
  'mutate-uncombined',
  'transaction',
  'one-statement',
  'node-postgres',
  'kysely',
  'drizzle-pg',
  'drizzle-postgres-js',
  'knex',
  'typeorm',
  'sequelize',
  'prisma',
  'mikro-orm',
];

const DURATION_MS = 300;
/**
 * Where the server has room, connections stay open over all rounds, as in a server that runs: for each of them the driver's
 * code is compiled anew. Where it has not, they are opened for each measurement.
 */
const SPARE_CONNECTIONS = 20;
/** Before the first round on connections that stay open: what is compared is compiled code, as in a server that runs. */
const PROCESS_WARM_UP_MS = 6_000;
const POOL_WARM_UP_MS = 1_200;
const CONNECTION_WARM_UP_MS = 30;
/** Before each measurement, on connections that stay open and on new ones. */
const WARM_UP_MS = 80;
const NEW_CONNECTION_MS = 16;

/**
 * Locked updates of variants under conditions, by turns.
 *
 * @returns by variant and condition, one entry of each round: `perSecond`, and `processor`, the microseconds of processor
 *   time that the client's process took for an update
 */
export function measureThroughput(
  { database, delayed, rounds, progress },
  { conditions = CONDITIONS, variants = VARIANTS } = {},
) {
  const results = Object.fromEntries(
    variants.map((variant) => [
      variant,
      Object.fromEntries(conditions.map(({ name }) => [name, { perSecond: [], processor: [] }])),
    ]),
  );
  return withChildren(variants, startVariant, async (workers) => {
    const room = (await database.maxConnections()) - SPARE_CONNECTIONS;
    for (const [index, group] of sharingConnections(conditions).entries()) {
      const [{ clients, isDelayed }] = group;
      const names = group.map(({ name }) => name).join(', ');
      const connection = { url: isDelayed ? delayed.url : database.url, connections: clients };
      const staysOpen = clients * variants.length <= room;
      if (staysOpen) {
        progress(`${names}: warms up`);
        const warmUpMs =
          index === 0 ? PROCESS_WARM_UP_MS : POOL_WARM_UP_MS + CONNECTION_WARM_UP_MS * clients;
        const warmUp = () => openAll(database, workers, connection, warmUpMs);
        await (isDelayed ? delayed.withoutDelay(warmUp) : warmUp());
      }
      const measure = staysOpen ? measureOpen : measureVariant;
      const options = {
        ...(staysOpen ? {} : connection),
        clients,
        loads: group,
        warmUpMs: WARM_UP_MS + (staysOpen ? 0 : NEW_CONNECTION_MS * clients),
        durationMs: DURATION_MS,
      };
      for (let round = 0; round < rounds; round++) {
        progress(`${names}: round ${round + 1} of ${rounds}`);
        for (const variant of variants) {
          const measured = await measure(database, workers.get(variant), { ...options, variant });
          for (const [load, { name }] of group.entries()) {
            results[variant][name].perSecond.push(measured[load].perSecond);
            results[variant][name].processor.push(measured[load].processorMicroseconds);
          }
        }
      }
      if (staysOpen) for (const worker of workers.values()) await worker.ask({ job: 'close' });
    }
    return results;
  });
}

/** Connects all variants, and lets each work until its code is compiled. */
async function openAll(database, workers, { url, connections }, warmUpMs) {
  for (const [variant, worker] of workers) {
    await worker.ask({ job: 'open', url, connections });
    await measureOpen(database, worker, {
      variant,
      clients: connections,
      loads: [{ rows: ROWS }],
      warmUpMs,
      warmUpTurns: NEW_CONNECTION_TURNS,
      durationMs: 1,
    });
  }
}

/** Conditions that differ only in the rows: one pool serves them, since opening fifty connections takes its time. */
function sharingConnections(conditions) {
  const groups = new Map();
  for (const condition of conditions) {
    const key = `${condition.clients} ${condition.isDelayed}`;
    groups.set(key, [...(groups.get(key) ?? []), condition]);
  }
  return [...groups.values()];
}
