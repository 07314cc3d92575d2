import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { test } from 'vitest';
import { prototypesBefore, prototypesNow } from './prototypes.js';

/** How many inputs all fuzzers together get in `npm test`; `npm run fuzz -- --inputs N` gives them more. */
const DEFAULT_INPUTS = 12_000;
const BATCH = 2_000;
const PROGRESS_MS = 10_000;
const LONGEST_REPORT = 4_000;

const { FUZZ_INPUTS, FUZZ_SEED, FUZZ_PROGRESS } = process.env;
const total = Number(FUZZ_INPUTS ?? DEFAULT_INPUTS);
const firstSeed = Number(FUZZ_SEED ?? Date.now() % 2 ** 31);

/** One kind of input and what has to hold for each. */
export interface Fuzzer<Input> {
  readonly name: string;
  /** Its part of all inputs: the parts of all fuzzers add up to 1. */
  readonly share: number;
  /** What one run of `check` gets: data that can be printed. It builds the hostile values itself. */
  readonly inputs: fc.Arbitrary<Input>;
  /** How many inputs one run is; 1 without this. */
  readonly inputsPerRun?: number;
  /** The longest time for one run, in milliseconds. */
  readonly limitMs: number;
  /** Throws when something does not hold. */
  check(input: Input): void | Promise<void>;
  /** Called now and then, for what is costly to look at. */
  checkAll?(): Promise<void>;
}

/** Declares a fuzzer as a test. When it fails it prints a seed that repeats the failure, and the smallest input that fails. */
export function fuzz<Input>(fuzzer: Fuzzer<Input>): void {
  const { name, share, inputsPerRun = 1 } = fuzzer;
  const runs = Math.max(1, Math.ceil((total * share) / inputsPerRun));
  test(
    `${name}: each input ends in a result or a named error`,
    async () => {
      const property = propertyOf(fuzzer);
      let reported = performance.now();
      for (let done = 0, batch = 0; done < runs; batch++) {
        const numRuns = Math.min(BATCH, runs - done);
        const seed = (firstSeed + batch) % 2 ** 31;
        const details = await fc.check(property, { seed, numRuns });
        if (details.failed) throw failure(name, details);
        await fuzzer.checkAll?.();
        done += numRuns;
        const now = performance.now();
        if (FUZZ_PROGRESS !== undefined && (done === runs || now - reported > PROGRESS_MS)) {
          reported = now;
          const [sofar, all] = [done, runs].map((count) =>
            (count * inputsPerRun).toLocaleString('en'),
          );
          console.error(`${name}: ${sofar} of ${all} inputs`);
        }
        await turn();
      }
    },
    60_000 + runs * 50,
  );
}

function propertyOf<Input>(fuzzer: Fuzzer<Input>): fc.IAsyncProperty<[Input]> {
  return fc.asyncProperty(fuzzer.inputs, async (input) => {
    const since = performance.now();
    const running = fuzzer.check(input);
    if (running instanceof Promise) await within(running, fuzzer.limitMs);
    const took = performance.now() - since;
    if (took > fuzzer.limitMs) throw new Error(`it took ${Math.round(took)} ms`);
    if (prototypesNow() !== prototypesBefore)
      throw new Error('a prototype of the language was changed');
  });
}

async function within(running: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

function failure<Input>(name: string, details: fc.RunDetails<[Input]>): Error {
  const { seed, counterexample, counterexamplePath, numShrinks, errorInstance } = details;
  const shown = fc.stringify(counterexample?.[0]);
  const cut =
    shown.length > LONGEST_REPORT ? `${shown.slice(0, LONGEST_REPORT)} … (${shown.length})` : shown;
  return new Error(
    `${name} failed: ${String(errorInstance)}\n` +
      `Repeat it with: npm run fuzz -- --inputs ${total} --seed ${seed} --only ${JSON.stringify(name)}\n` +
      `(path ${String(counterexamplePath)}, ${numShrinks} shrinks) Input:\n${cut}`,
    { cause: errorInstance },
  );
}
