import { ALL_OPERATORS, type AdapterCapabilities } from '../adapter/capabilities.js';
import type { Store } from '../store/store.js';
import { abortCases } from './cases/abort-cases.js';
import { atomicityCases } from './cases/atomicity-cases.js';
import { closingCases } from './cases/closing-cases.js';
import { conditionCases } from './cases/condition-cases.js';
import { contentionCases } from './cases/contention-cases.js';
import { generatedCases } from './cases/generated-cases.js';
import { hostileCases } from './cases/hostile-cases.js';
import { lockCases } from './cases/lock-cases.js';
import { lockWhereCases } from './cases/lock-where-cases.js';
import { manyLocksCases } from './cases/many-locks-cases.js';
import { mutateCases } from './cases/mutate-cases.js';
import { operationCases } from './cases/operation-cases.js';
import { optionCases } from './cases/option-cases.js';
import { queryCases } from './cases/query-cases.js';
import { refusalCases } from './cases/refusal-cases.js';
import { saveManyCases } from './cases/save-many-cases.js';
import { savepointCases } from './cases/savepoint-cases.js';
import { signalCases } from './cases/signal-cases.js';
import { stateCases } from './cases/state-cases.js';
import { transactionCases } from './cases/transaction-cases.js';
import { unawaitedCases } from './cases/unawaited-cases.js';
import { valueCases } from './cases/value-cases.js';
import { waitingCases } from './cases/waiting-cases.js';
import { writeCases } from './cases/write-cases.js';
import { ConformanceWorld, isSelected, type ConformanceCase } from './conformance-case.js';

/** What the suite needs of a test framework and of the store under test. */
export interface ConformanceOptions {
  /** Groups cases: `describe` of vitest, node:test, mocha … */
  describe(name: string, body: () => void): unknown;
  /** Declares a case. */
  it(title: string, run: () => Promise<void>): unknown;
  /**
   * What the adapter declares: a case that needs more is left out. Without this all cases run, and the adapter has locks on
   * rows, every condition, savepoints and generated values.
   */
  readonly capabilities?: AdapterCapabilities;
  /** Opens a store in which the tables of `conformanceSchema()` exist; called for every case, and closed after it. */
  openStore(): Store | Promise<Store>;
}

const EVERYTHING: AdapterCapabilities = {
  locks: 'row',
  signals: 'after-commit',
  conditions: ALL_OPERATORS,
  savepoints: true,
  generated: true,
};

const GROUPS: Readonly<Record<string, readonly ConformanceCase[]>> = {
  states: stateCases,
  locks: lockCases,
  'refused as no lock': refusalCases,
  'waiting for a lock': waitingCases,
  'several at a time': contentionCases,
  'many locks at a time': manyLocksCases,
  'locks by condition': lockWhereCases,
  'ended by a signal': abortCases,
  transactions: transactionCases,
  writes: writeCases,
  'many at a time': saveManyCases,
  values: valueCases,
  'generated values': generatedCases,
  queries: queryCases,
  conditions: conditionCases,
  mutate: mutateCases,
  'all or nothing': atomicityCases,
  'parts of a transaction': savepointCases,
  options: optionCases,
  operations: operationCases,
  'work that nobody awaits': unawaitedCases,
  signals: signalCases,
  'hostile input': hostileCases,
  closing: closingCases,
};

/**
 * Declares what every store promises, as test cases: an adapter whose store passes them keeps the contract.
 *
 * @param name - of the store, such as `memory`
 */
export function describeConformance(
  name: string,
  { describe, it, openStore, capabilities = EVERYTHING }: ConformanceOptions,
): void {
  for (const [group, cases] of Object.entries(GROUPS)) {
    const selected = cases.filter((each) => isSelected(each, capabilities));
    if (selected.length === 0) continue;
    describe(`${name}: ${group}`, () => {
      for (const { title, run } of selected) {
        it(title, async () => {
          const opened: Store[] = [];
          const open = async (): Promise<Store> => {
            const store = await openStore();
            opened.push(store);
            return store;
          };
          const close = (): Promise<unknown> => Promise.all(opened.map((store) => store.close()));
          try {
            await run(new ConformanceWorld(await open(), open));
          } catch (error) {
            // A case that fails leaves transactions open, for which a store waits before it closes.
            close().catch(() => undefined);
            throw error;
          }
          await close();
        });
      }
    });
  }
}
