import { setTimeout as delay } from 'node:timers/promises';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';
import { openStore } from './open-store.js';
import { OPERATIONS } from './operations.js';
import { PhaseTrap } from './phase-trap.js';
import { Random } from './random.js';
import { Recorder } from './recorder.js';
import { Tally } from './tally.js';
import { World } from './world.js';

/** Longer than any operation takes that is not stuck. */
const STUCK_MS = 20_000;

const setup = JSON.parse(process.argv[2] ?? '') as WorkerSetup;
const recorder = new Recorder(setup.historyFile, setup.name);
const trap = new PhaseTrap();
const tally = new Tally();
const store = openStore(setup);
const { thinkMs, maxConnections } = setup;
const random = new Random(setup.seed);
const world = new World(store, random, recorder, trap, tally, thinkMs, maxConnections);
const realNow = Date.now.bind(Date);

let finishing = false;
let isClosing = false;
/** What each loop does now, to tell where one is stuck. */
const running = new Map<number, string>();

function tell(message: FromWorker): void {
  process.send?.(message);
}

process.on('uncaughtException', (error) => tally.defect(error));
process.on('unhandledRejection', (reason) => tally.defect(reason));

store.on('gap', () => recorder.write({ event: 'gap' }));
store.on('error', (error) => tally.error(error));

const subscription = world.signals.changed.subscribe(({ row, nonce }) =>
  recorder.write({ event: 'signal', topic: `/row/${row.id}/changed/${nonce}` }),
);
world.signals.changed.subscribe(async () => {
  tally.provoke('subscriber is slow');
  await delay(50);
});
world.signals.changed.subscribe(({ nonce }) => {
  if (!nonce.endsWith('7')) return;
  tally.provoke('subscriber throws');
  throw new Error('a subscriber that throws');
});
subscription.ready.then(
  () => recorder.write({ event: 'subscribed' }),
  () => undefined,
);

const operations = OPERATIONS.filter(
  ({ name, isDemanding }) =>
    (setup.operations?.includes(name) ?? true) &&
    (setup.adapter === 'justscale' || isDemanding !== true),
).flatMap((operation) => Array.from({ length: operation.weight }, () => operation));

async function loop(_: unknown, index: number): Promise<void> {
  while (!finishing) {
    const { name, run } = world.random.pick(operations);
    running.set(index, name);
    try {
      await run(world);
    } catch (error) {
      tally.defect(error);
    }
    // A loop whose operations all fail at once must not keep the process from hearing its orders.
    await new Promise((resolve) => setImmediate(resolve));
  }
  running.delete(index);
}

function tellProgress(): void {
  tell({ type: 'progress', heapUsed: process.memoryUsage().heapUsed, report: tally.report() });
}
tally.onDefect = tellProgress;
const progress = setInterval(tellProgress, 1_000);
const loops = Promise.all(Array.from({ length: setup.loops }, loop));

process.on('message', (message: ToWorker) => {
  if (message.type === 'arm') trap.arm(message.phase, message.action);
  else if (message.type === 'disarm') trap.disarm();
  else if (message.type === 'clock') Date.now = () => realNow() + message.offsetMs;
  else if (message.type === 'finish') void finish();
  else void close();
});

// Without its conductor nobody would ever end it.
process.once('disconnect', () => {
  if (!isClosing) process.exit(1);
});

async function finish(): Promise<void> {
  finishing = true;
  trap.disarm();
  const stuck = setTimeout(() => {
    tally.defect(`stuck in ${[...running.values()].join(', ')}`);
    tell({ type: 'finished', report: tally.report() });
  }, STUCK_MS);
  await loops;
  clearTimeout(stuck);
  tell({ type: 'finished', report: tally.report() });
}

/** Afterwards nothing may keep this process alive. */
async function close(): Promise<void> {
  isClosing = true;
  clearInterval(progress);
  await store.close();
  process.disconnect();
}

tell({ type: 'ready' });
