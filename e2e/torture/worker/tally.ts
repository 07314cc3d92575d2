import { JustScaleError } from '@justscale/runtime';
import type { WorkerReport } from './messages.js';

/** An error that an operation throws on purpose, to roll back. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** Counts what a worker did and met. */
export class Tally {
  readonly #operations = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #defects: string[] = [];

  operation(kind: string, outcome: string): void {
    add(this.#operations, `${kind} ${outcome}`);
  }

  /** Counts an error by its code; one without a code is a defect. */
  error(error: unknown): void {
    if (error instanceof Abandoned) add(this.#errors, 'ABANDONED');
    else if (error instanceof JustScaleError) add(this.#errors, error.code);
    else this.defect(error);
  }

  defect(error: unknown): void {
    if (this.#defects.length < 20)
      this.#defects.push(error instanceof Error ? (error.stack ?? String(error)) : String(error));
  }

  report(): WorkerReport {
    return {
      operations: Object.fromEntries(this.#operations),
      errors: Object.fromEntries(this.#errors),
      defects: this.#defects,
    };
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
