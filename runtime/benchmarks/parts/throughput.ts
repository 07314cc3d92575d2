import { createRecord, withChildren } from '../by-turns.js';
import type { BenchmarkDatabase } from '../database.js';
import type { MeasureContext } from '../measure-context.js';
import {
  measureOpen,
  measureVariant,
  NEW_CONNECTION_TURNS,
  startVariant,
  type Worker,
} from '../measure-variant.js';
import type { ConnectionOptions } from '../variant.js';

export const ROWS = 1_000;

/** So many clients with rows of their own, or all on one, next to the server or behind the delay. */
export interface Condition {
  readonly name: string;
  readonly title: string;
  readonly clients: number;
  readonly rows: number;
  readonly isDelayed: boolean;
}

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
  { name: 'far50', title: '+2.4 ms, 50', clients: 50, rows: ROWS, isDelayed: true },
  { name: 'farHot10', title: '+2.4 ms, hot row, 10', clients: 10, rows: 1, isDelayed: true },
] as const satisfies readonly Condition[];

export type ConditionName = (typeof CONDITIONS)[number]['name'];

/** The names of the variants' files; the first is what all are compared with. */
export const VARIANTS = [
  'hand-written',
  'mutate',
  'mutate-uncombined',
  'transaction',
  'one-statement',
  'raw-protocol',
  'node-postgres',
  'kysely',
  'drizzle-pg',
  'drizzle-postgres-js',
  'knex',
  'typeorm',
  'sequelize',
  'prisma',
  'mikro-orm',
] as const;

/** The libraries that a user would take instead. */
export const PEERS = [
  'node-postgres',
  'kysely',
  'drizzle-pg',
  'drizzle-postgres-js',
  'knex',
  'typeorm',
  'sequelize',
  'prisma',
  'mikro-orm',
] as const satisfies readonly (typeof VARIANTS)[number][];

export type VariantName = (typeof VARIANTS)[number];

/** One entry of each round. */
export interface RoundRates {
  /** Updates a second. */
  readonly perSecond: number[];
  /** The microseconds of processor time that the client's process took for an update. */
  readonly processor: number[];
  /** The same of the server's processes; `null` where that is not known. */
  readonly server: (number | null)[];
}

/** By variant and condition. */
export type Throughput<Variant extends string, Name extends string> = Record<
  Variant,
  Record<Name, RoundRates>
>;

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

interface Choice<Variant extends string, Name extends string> {
  readonly conditions: readonly (Condition & { readonly name: Name })[];
  readonly variants: readonly Variant[];
}

/**
 * Locked updates of variants under conditions, by turns.
 */
export function measureThroughput(
  context: MeasureContext,
): Promise<Throughput<VariantName, ConditionName>>;
export function measureThroughput<Variant extends string, Name extends string>(
  context: MeasureContext,
  choice: Choice<Variant, Name>,
): Promise<Throughput<Variant, Name>>;
export function measureThroughput(
  { database, delayed, rounds, progress }: MeasureContext,
  { conditions, variants }: Choice<string, string> = {
    conditions: CONDITIONS,
    variants: VARIANTS,
  },
): Promise<Throughput<string, string>> {
  const names = conditions.map(({ name }) => name);
  const results = createRecord(variants, () =>
    createRecord(names, (): RoundRates => ({ perSecond: [], processor: [], server: [] })),
  );
  return withChildren(variants, startVariant, async (workers) => {
    const room = (await database.maxConnections()) - SPARE_CONNECTIONS;
    for (const [index, group] of sharingConnections(conditions).entries()) {
      const { clients, isDelayed } = group[0];
      const shown = group.map(({ name }) => name).join(', ');
      const connection = { url: isDelayed ? delayed.url : database.url, connections: clients };
      const staysOpen = clients * variants.length <= room;
      if (staysOpen) {
        progress(`${shown}: warms up`);
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
        progress(`${shown}: round ${round + 1} of ${rounds}`);
        for (const variant of variants) {
          const measured = await measure(database, childOf(workers, variant), {
            ...options,
            variant,
          });
          for (const [load, { name }] of group.entries()) {
            const rates = measured[load];
            const rounds = results[variant]?.[name];
            if (!rates || !rounds) throw new Error(`${variant}, ${name}: nothing was measured`);
            rounds.perSecond.push(rates.perSecond);
            rounds.processor.push(rates.processorMicroseconds);
            rounds.server.push(rates.serverMicroseconds);
          }
        }
      }
      if (staysOpen) for (const worker of Object.values(workers)) await worker.ask('close', {});
    }
    return results;
  });
}

/** Connects all variants, and lets each work until its code is compiled. */
async function openAll(
  database: BenchmarkDatabase,
  workers: Readonly<Record<string, Worker>>,
  { url, connections }: ConnectionOptions,
  warmUpMs: number,
): Promise<void> {
  for (const [variant, worker] of Object.entries(workers)) {
    await worker.ask('open', { url, connections });
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
function sharingConnections(conditions: readonly Condition[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const condition of conditions) {
    const key = `${condition.clients} ${condition.isDelayed}`;
    groups.set(key, [...(groups.get(key) ?? []), condition] as Group);
  }
  return [...groups.values()];
}

type Group = readonly [Condition, ...Condition[]];

function childOf(workers: Readonly<Record<string, Worker>>, variant: string): Worker {
  const worker = workers[variant];
  if (worker === undefined) throw new Error(`there is no process of ${variant}`);
  return worker;
}
