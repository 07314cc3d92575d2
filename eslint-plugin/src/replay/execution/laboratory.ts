import { SetupError, ReplayAbortedError, SilentOperationError } from '../errors/replay-error.js';
import { readContents } from '../database/contents.js';
import { readRelations, type Relations } from '../database/relations.js';
import { separateSequences, shiftSequences } from '../database/sequences.js';
import { ReplayServer } from '../database/server.js';
import { startOperation } from '../operation/start-operation.js';
import type { Operation } from '../operation/operation.js';
import type { Dated, Span } from '../oracle/generated.js';
import { outcomeOf, type Outcome } from '../oracle/outcome.js';
import { changesCatalog, isLocalStatement } from '../proxy/local-statements.js';
import { Proxy } from '../proxy/proxy.js';
import type { Statement } from '../proxy/statement.js';
import type { Step } from '../report/step.js';
import { lockWaits } from '../schedule/lock-waits.js';
import { ProcessSide } from '../schedule/process-side.js';
import { runSchedule, type Choose, type Turn } from '../schedule/run-schedule.js';
import { stepsOf } from './steps-of.js';

type Name = 'a' | 'b';

/** What was run, and what it left. */
export interface Execution extends Dated {
  readonly turns: readonly Turn[];
  readonly steps: readonly Step[];
  /** Everything that was sent, in the order of each process. */
  readonly statements: readonly Statement[];
}

/** What `setup` has made. */
interface Ground {
  readonly database: string;
  /** The statements that make it. */
  readonly statements: readonly string[];
  readonly outcome: Outcome;
  readonly relations: Relations | null;
}

export interface LaboratoryOptions {
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Runs the two operations, each time on a database that is as `setup` has left it. */
export class Laboratory {
  readonly ground: Ground;
  /** Whether the operations change tables, and not only rows. */
  catalogChanges = true;
  readonly #server: ReplayServer;
  readonly #operations: Readonly<Record<Name, Operation>>;
  readonly #options: LaboratoryOptions;

  private constructor(
    server: ReplayServer,
    ground: Ground,
    operations: Readonly<Record<Name, Operation>>,
    options: LaboratoryOptions,
  ) {
    this.#server = server;
    this.ground = ground;
    this.#operations = operations;
    this.#options = options;
  }

  static async open(
    server: ReplayServer,
    setup: (url: string) => unknown,
    operations: Readonly<Record<Name, Operation>>,
    options: LaboratoryOptions,
  ): Promise<Laboratory> {
    const database = await server.create();
    const proxy = await Proxy.listen(server);
    proxy.isLocal = () => true;
    try {
      await untilAborted(options.signal, async () => setup(server.urlOf(database, proxy.port)));
    } catch (error) {
      throw error instanceof ReplayAbortedError ? error : new SetupError(error);
    } finally {
      await proxy.close();
    }
    const written = proxy.released
      .map(({ sql }) => sql)
      .filter((sql) => sql.trim() !== '' && (changesRows(sql) || isLocalStatement(sql, true)));
    const ground = await server.use(database, async (sql) => ({
      database,
      statements: [...written, ...(await separateSequences(sql))],
      outcome: outcomeOf(await readContents(sql), {}),
      relations: await readRelations(sql),
    }));
    return new Laboratory(server, ground, operations, options);
  }

  /** One after the other. */
  serial(order: readonly Name[], shifted: boolean): Promise<Execution> {
    const groups = order.map((name) => [name]);
    return this.#execute(groups, ([first]) => first, shifted);
  }

  /** Both at once. */
  interleaved(choose: Choose): Promise<Execution> {
    return this.#execute([['a', 'b']], choose, false);
  }

  async #execute(groups: Name[][], choose: Choose, shifted: boolean): Promise<Execution> {
    const server = this.#server;
    const database = await server.create(this.ground.database);
    const sides: ProcessSide[] = [];
    try {
      if (shifted) await server.use(database, shiftSequences);
      const waits = lockWaits(server.admin);
      const turns: Turn[] = [];
      const from = Date.now();
      for (const group of groups) {
        const started = await Promise.all(group.map((name) => this.#start(name, database)));
        sides.push(...started);
        turns.push(...(await runSchedule(started, { choose, waits, ...this.#options })));
      }
      for (const side of sides) assertNotSilent(side);
      const span: Span = { from, to: Date.now() };
      const contents = await server.use(database, readContents);
      const results = Object.fromEntries(sides.map(({ name, result }) => [name, result]));
      return {
        outcome: outcomeOf(contents, results),
        span,
        turns,
        steps: stepsOf(turns, sides),
        statements: sides.flatMap(({ proxy }) => proxy.released),
      };
    } finally {
      for (const side of sides) await side.stop();
      await server.drop(database);
    }
  }

  async #start(name: Name, database: string): Promise<ProcessSide> {
    const proxy = await Proxy.listen(this.#server);
    proxy.isLocal = (sql) => isLocalStatement(sql, this.catalogChanges);
    const url = this.#server.urlOf(database, proxy.port);
    return new ProcessSide(name, proxy, startOperation(this.#operations[name], name, url));
  }
}

function changesRows(sql: string): boolean {
  return !isLocalStatement(sql, false);
}

function assertNotSilent({ name, proxy, result }: ProcessSide): void {
  if (result === undefined || proxy.released.length > 0) return;
  throw new SilentOperationError(
    name,
    'error' in result ? new Error(result.error.message) : undefined,
  );
}

/** Whether statements of an execution change tables. */
export function hasCatalogChanges({ statements }: Execution): boolean {
  return statements.some(({ sql }) => changesCatalog(sql));
}

async function untilAborted(signal: AbortSignal, run: () => Promise<unknown>): Promise<void> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, fail) => {
    abort = () => fail(new ReplayAbortedError(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
  });
  try {
    await Promise.race([run(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
