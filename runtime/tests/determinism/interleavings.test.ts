import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '@justscale/runtime';
import { memoryStore } from '@justscale/runtime/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LedgerClient } from './interleavings/ledger-client.js';
import {
  Account,
  LedgerSignals,
  NAMES,
  OPENING_BALANCE,
  PAID_IDS,
  SHARED_IDS,
} from './interleavings/ledger-models.js';
import { program, type Program } from './interleavings/program.js';
import { copy, Truth } from './interleavings/truth.js';
import { interleavingParameters, interleavingTimeoutMs } from './run-length.js';

const STUCK_AFTER_MS = 20_000;

/** Lets what a step has set going come to rest before the next client has its turn. */
const scheduler = fc.scheduler({
  act: async (step) => {
    await step();
    await nextTurn();
  },
});

async function runClients(
  store: Store,
  truth: Truth,
  works: Program,
  schedule: fc.Scheduler,
): Promise<void> {
  const clients = works.map((_, index) => {
    const turn = async (label: string): Promise<void> =>
      void (await schedule.schedule(Promise.resolve(), label));
    return new LedgerClient(`c${index}`, store, truth, turn);
  });
  const running = Promise.all(clients.map((client, index) => client.run(works[index] ?? [])));
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`nobody moved for ${STUCK_AFTER_MS} ms`));
    timer = setTimeout(fail, STUCK_AFTER_MS);
  });
  try {
    await schedule.waitFor(Promise.race([running, stuck]));
  } finally {
    clearTimeout(timer);
  }
}

/** The store is what the truth says, and nobody holds anything any more. */
async function assertAtRest(store: Store, truth: Truth): Promise<void> {
  const accounts = store.repository(Account);
  const stored = await accounts.find();
  assert.deepEqual(
    new Map(stored.map((account) => [account.id, copy(account)])),
    new Map([...truth.entries].sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  await store.transaction(async () => {
    for (const account of stored) {
      assert.ok((await accounts.lock(Account.ref(account), { wait: 'fail' })) !== null);
    }
    for (const name of NAMES) await store.lockName(name, { timeoutMs: 1 });
  });
}

test(
  'whatever the interleaving: no lost update, no dirty read, one holder at a time, signals of commits alone',
  async () => {
    await fc.assert(
      fc.asyncProperty(scheduler, program, async (schedule, works) => {
        const store = memoryStore();
        try {
          const accounts = store.repository(Account);
          for (const id of [...SHARED_IDS, ...PAID_IDS]) {
            await accounts.save(
              new Account({ balance: OPENING_BALANCE, writer: 'opening' }, { id }),
            );
          }
          const delivered: string[] = [];
          const { ready } = store
            .signals(LedgerSignals)
            .booked.subscribe(({ account, writer }) => delivered.push(`${account.id} ${writer}`));
          await ready;
          const truth = new Truth();
          await runClients(store, truth, works, schedule);
          await assertAtRest(store, truth);
          // Signals follow their commit in a turn of their own; one turn more shows that none comes twice.
          for (let turn = 0; turn < 100 && delivered.length < truth.topics.length; turn++) {
            await nextTurn();
          }
          await nextTurn();
          assert.deepEqual(delivered, truth.topics);
        } finally {
          await store.close({ timeoutMs: 1_000 });
        }
      }),
      interleavingParameters,
    );
    expect.assertions(0);
  },
  interleavingTimeoutMs,
);
