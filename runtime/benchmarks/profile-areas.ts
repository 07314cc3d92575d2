import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { createRecord } from './by-turns.js';

/** Who a function belongs to, by the file it is in. */
const FILES: readonly (readonly [pattern: RegExp, area: Area])[] = [
  [/node_modules\/postgres\//, 'driver'],
  [/runtime\/dist\//, 'runtime'],
  [/node_modules\/zod\//, 'schema'],
  [/^node:(?:internal\/)?async_hooks/, 'promises'],
  [/^node:/, 'node'],
];

/** What the engine does under a name of its own. */
const NAMES = new Map<string, Area | undefined>([
  ['(garbage collector)', 'garbage'],
  ['runMicrotasks', 'promises'],
  ['writeBuffer', 'socket'],
  ['(idle)', undefined],
  // The session that takes the samples.
  ['dispatch', undefined],
  ['(program)', 'node'],
]);

/** The areas that {@link profileAreas} tells apart, with what is in them. */
export const AREAS = {
  driver: 'postgres.js',
  runtime: '`@justscale/runtime`',
  schema: 'Zod',
  promises: 'running promises, and following them for `AsyncLocalStorage`',
  garbage: 'garbage collection',
  socket: 'writing to the socket: the system call',
  node: 'the rest of Node.js: streams, buffers, timers',
  benchmark: 'the benchmark',
} as const;

export type Area = keyof typeof AREAS;

/** Microseconds by area. */
export type Areas = Record<Area, number>;

const areaNames = Object.keys(AREAS) as Area[];

/**
 * Where this process spends its time while `work` runs, by sampling. A thread that waits for a processor looks busy.
 *
 * @param intervalMicroseconds - between two samples
 * @returns what `work` returns, and microseconds by area
 */
export async function profileAreas<Result>(
  work: () => Promise<Result>,
  intervalMicroseconds = 500,
): Promise<{ readonly result: Result; readonly areas: Areas }> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: intervalMicroseconds });
    await session.post('Profiler.start');
    const result = await work();
    const { profile } = await session.post('Profiler.stop');
    return { result, areas: byArea(profile) };
  } finally {
    session.disconnect();
  }
}

/** What some work returns, with its areas where they were asked for. */
export async function profileWhere<Result>(
  isProfiled: boolean,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly areas?: Areas }> {
  return isProfiled ? profileAreas(work) : { result: await work() };
}

/** The areas of some work, each divided by how often it was done. */
export function perTime(areas: Areas, times: number): Areas {
  return createRecord(areaNames, (area) => areas[area] / times);
}

function byArea({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Areas {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const areas = createRecord(areaNames, () => 0);
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const area = frame && areaOf(frame);
    if (area !== undefined) areas[area] += timeDeltas[index] ?? 0;
  }
  return areas;
}

function areaOf({
  functionName,
  url,
}: Profiler.Profile['nodes'][number]['callFrame']): Area | undefined {
  if (url === '') return NAMES.has(functionName) ? NAMES.get(functionName) : 'node';
  return FILES.find(([pattern]) => pattern.test(url))?.[1] ?? 'benchmark';
}
