import type { Relations } from '../database/relations.js';
import type { Statement } from '../proxy/statement.js';
import { areIndependent, footprintOf, NOTHING, type Footprint } from './footprint.js';
import type { Turn } from './run-schedule.js';

const ENDS = /^\s*(?:commit|rollback|end|abort)\s*(?:work|transaction)?\s*;?\s*$/i;
const ISOLATION = /\b(?:serializable|repeatable\s+read)\b/i;

/** Says which statements give the same in either order, so that one of both orders is enough. */
export class Reduction {
  readonly #relations: Relations | null;
  readonly #isOff: boolean;
  readonly #read = new Map<string, Footprint>();

  /** @param statements - of serial runs: where they choose an isolation level, no two are known to be independent */
  constructor(relations: Relations | null, statements: readonly Statement[]) {
    this.#relations = relations;
    this.#isOff = statements.some(({ sql }) => ISOLATION.test(sql));
  }

  /** What the statement touches as the next one after these turns. */
  footprint(process: 'a' | 'b', statement: Statement, turns: readonly Turn[]): Footprint {
    if (this.#isOff) return null;
    if (!ENDS.test(statement.sql)) return this.#one(statement);
    const locked = new Set<string>();
    for (const { process: of, statement: past } of turns) {
      if (of !== process || past.connection !== statement.connection) continue;
      if (ENDS.test(past.sql)) locked.clear();
      const footprint = this.#one(past);
      if (footprint === null) return null;
      for (const table of footprint.locks) locked.add(table);
    }
    return { reads: new Set(), locks: new Set(), publishes: locked };
  }

  areIndependent(one: Footprint, other: Footprint): boolean {
    return areIndependent(one, other);
  }

  #one({ sql, inTransaction }: Statement): Footprint {
    if (ENDS.test(sql)) return NOTHING;
    const key = `${inTransaction} ${sql}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const footprint = footprintOf(sql, this.#relations, inTransaction);
    this.#read.set(key, footprint);
    return footprint;
  }
}
