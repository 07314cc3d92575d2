import { waitUntil } from '@justscale/fixtures/wait-until';
import type { Sql } from 'postgres';

const LIMIT = { timeoutMs: 10_000 };

interface Wait {
  readonly pid: number;
  readonly mode: string;
  readonly locktype: string;
  readonly transaction: string | null;
}

/**
 * Knows which backends wait for a lock and have looked for a deadlock since. They say so themselves, to their own client:
 * "still waiting" once they have looked, "acquired" when the wait is over (`log_lock_waits`, PostgreSQL manual, section 19.8.3).
 */
export class WaitingBackends {
  readonly #sql: Sql;
  readonly #looked = new Map<number, string>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Takes note of what a backend says. */
  hear(message: string): void {
    const [, pid, said, lock = ''] =
      /^process (\d+) (still waiting for|acquired) (\w+ on \w+(?: \d+)?)/.exec(message) ?? [];
    if (said === 'acquired') this.#looked.delete(Number(pid));
    else if (said !== undefined) this.#looked.set(Number(pid), lock);
  }

  /** Resolves when exactly `count` backends of the database wait, and each has looked. */
  async waitFor(count: number): Promise<void> {
    const state = { waits: [] as readonly Wait[], looked: this.#looked };
    await waitUntil(
      async () => {
        state.waits = await this.#sql<Wait[]>`
          select pid, mode, locktype, transactionid::text as transaction
          from pg_locks join pg_stat_activity using (pid)
          where not granted and datname = current_database()`;
        return (
          state.waits.length === count &&
          state.waits.every((wait) => this.#looked.get(wait.pid) === lockName(wait))
        );
      },
      { ...LIMIT, describe: () => ({ ...state, looked: [...state.looked], count }) },
    );
  }
}

/** A lock as the message names it. */
function lockName({ mode, locktype, transaction }: Wait): string {
  if (locktype === 'transactionid') return `${mode} on transaction ${transaction ?? ''}`;
  return `${mode} on ${locktype === 'spectoken' ? 'speculative' : locktype}`;
}
