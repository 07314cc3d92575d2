import { DatabaseError, JustScaleError } from '@justscale/runtime';
import type { WorkerReport } from './messages.js';

/** An error that an operation throws on purpose, to roll back. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';
}

/** Counts what a worker did and met. */
export class Tally {
  readonly #operations = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #provoked = new Map<string, number>();
  readonly #defects: string[] = [];
  /** Called for each defect: a process that has one may not live long enough to report it. */
  onDefect: () => void = () => undefined;

  operation(kind: string, outcome: string): void {
    add(this.#operations, `${kind} ${outcome}`);
  }

  /** Counts something that is done on purpose to make trouble. */
  provoke(what: string): void {
    add(this.#provoked, what);
  }

  /** Counts an error by its code; one without a code is a defect. */
  error(error: unknown): void {
    if (error instanceof Abandoned) add(this.#errors, 'ABANDONED');
    else if (error instanceof DatabaseError)
      add(this.#errors, `${error.code} ${error.sqlState ?? ''}`.trim());
    else if (error instanceof JustScaleError) add(this.#errors, error.code);
    else this.defect(error);
  }

  defect(error: unknown): void {
    if (this.#defects.length < 20)
      this.#defects.push(error instanceof Error ? (error.stack ?? String(error)) : String(error));
    this.onDefect();
  }

  report(): WorkerReport {
    return {
      operations: Object.fromEntries(this.#operations),
      provoked: Object.fromEntries(this.#provoked),
      errors: Object.fromEntries(this.#errors),
      defects: this.#defects,
    };
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
