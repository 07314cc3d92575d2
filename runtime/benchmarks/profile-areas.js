import { Session } from 'node:inspector/promises';

/** Who a function belongs to, by the file it is in. */
const FILES = [
  [/node_modules\/postgres\//, 'driver'],
  [/runtime\/dist\//, 'runtime'],
  [/node_modules\/zod\//, 'schema'],
  [/^node:(?:internal\/)?async_hooks/, 'promises'],
  [/^node:/, 'node'],
];

/** What the engine does under a name of its own. */
const NAMES = new Map([
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
};

/**
 * Where this process spends its time while `work` runs, by sampling. A thread that waits for a processor looks busy.
 *
 * @param {() => Promise<R>} work
 * @param {number} intervalMicroseconds - between two samples
 * @template R
 * @returns what `work` returns, and microseconds by area
 */
export async function profileAreas(work, intervalMicroseconds = 500) {
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

/** The areas of some work, each divided by how often it was done. */
export function perTime(areas, times) {
  return Object.fromEntries(Object.entries(areas).map(([area, time]) => [area, time / times]));
}

function byArea({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const areas = Object.fromEntries(Object.keys(AREAS).map((area) => [area, 0]));
  for (const [index, id] of samples.entries()) {
    const area = areaOf(frames.get(id));
    if (area !== undefined) areas[area] += timeDeltas[index];
  }
  return areas;
}

function areaOf({ functionName, url }) {
  if (url === '') return NAMES.has(functionName) ? NAMES.get(functionName) : 'node';
  return FILES.find(([pattern]) => pattern.test(url))?.[1] ?? 'benchmark';
}
