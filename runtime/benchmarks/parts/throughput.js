import { withChildren } from '../by-turns.js';
import { measureVariant, startVariant } from '../measure-variant.js';

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

const DURATION_MS = 350;
/** Before the first round: what is compared is compiled code. */
const FIRST_WARM_UP_MS = 1_500;

/** Before each measurement: until every connection is open and has prepared its statements. */
const warmUpMs = (clients) => 100 + 10 * clients;

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
    const measure = (variant, options) =>
      measureVariant(database, workers.get(variant), {
        warmUpMs: warmUpMs(options.clients),
        durationMs: DURATION_MS,
        ...options,
        variant,
      });
    progress('warms up');
    for (const variant of variants)
      await measure(variant, {
        clients: 10,
        loads: [{ rows: ROWS }],
        warmUpMs: FIRST_WARM_UP_MS,
      });
    for (let round = 0; round < rounds; round++) {
      for (const group of sharingConnections(conditions)) {
        const [{ clients, isDelayed }] = group;
        progress(`round ${round + 1} of ${rounds}, ${group.map(({ name }) => name).join(', ')}`);
        for (const variant of variants) {
          const url = isDelayed ? delayed.url : database.url;
          const measured = await measure(variant, { url, clients, loads: group });
          for (const [index, { name }] of group.entries()) {
            results[variant][name].perSecond.push(measured[index].perSecond);
            results[variant][name].processor.push(measured[index].processorMicroseconds);
          }
        }
      }
    }
    return results;
  });
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
