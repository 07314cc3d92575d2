import type { Socket } from 'node:net';
import pg from 'pg';
import { serialize } from 'pg-protocol';
import type { Variant } from '../variant.js';

const STATEMENTS = {
  begin: 'begin',
  lock: 'select balance from account where id = $1 for update',
  update: 'update account set balance = $1 where id = $2',
  commit: 'commit',
} as const;

type StatementName = keyof typeof STATEMENTS;

const HEADER_BYTES = 5;
const [DATA_ROW, ERROR, READY] = ['D', 'E', 'Z'].map((type) => type.charCodeAt(0));

/** A connection that node-postgres has opened, and that nothing reads but this. */
class RawConnection {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #value = '';
  #failed = false;
  #settle: ((error?: Error) => void) | undefined;

  private constructor(client: pg.Client) {
    this.#client = client;
    this.#socket = (client as unknown as { connection: { stream: Socket } }).connection.stream;
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  static async open(url: string): Promise<RawConnection> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    const connection = new RawConnection(client);
    const parse = Object.entries(STATEMENTS).map(([name, text]) => serialize.parse({ name, text }));
    await connection.#send(parse);
    return connection;
  }

  async increment(id: string): Promise<void> {
    await this.#send([...execute('begin'), ...execute('lock', id)]);
    const balance = String(Number(this.#value) + 1);
    await this.#send([...execute('update', balance, id), ...execute('commit')]);
  }

  close(): void {
    this.#socket.end(serialize.end());
    this.#client.removeAllListeners('end');
  }

  #send(messages: readonly Buffer[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error === undefined ? resolve() : reject(error));
      this.#socket.write(Buffer.concat([...messages, serialize.sync()]));
    });
  }

  #read(chunk: Buffer): void {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + HEADER_BYTES <= buffer.length) {
      const end = at + 1 + buffer.readUInt32BE(at + 1);
      if (end > buffer.length) break;
      this.#take(buffer[at] ?? 0, buffer.subarray(at + HEADER_BYTES, end));
      at = end;
    }
    this.#rest = buffer.subarray(at);
  }

  #take(type: number, body: Buffer): void {
    // The only column: behind the number of columns and its own length.
    if (type === DATA_ROW) this.#value = body.toString('latin1', 6);
    if (type === ERROR) this.#failed = true;
    if (type === READY) this.#settle?.(this.#failed ? new Error('a statement failed') : undefined);
  }
}

function execute(statement: StatementName, ...values: string[]): readonly Buffer[] {
  return [serialize.bind({ statement, values }), serialize.execute({})];
}

export default {
  title: 'raw protocol by hand (the physical floor)',
  packages: ['pg', 'pg-protocol'],
  asked:
    'prepared statements on a socket in two flights, `BEGIN` with `SELECT … FOR UPDATE` and `UPDATE` with `COMMIT`: no guard, no error handling, no schema',
  async open({ url, connections }) {
    const all = await Promise.all(
      Array.from({ length: connections }, () => RawConnection.open(url)),
    );
    const idle = [...all];
    const waiting: ((connection: RawConnection) => void)[] = [];
    return {
      async increment(id: string) {
        const connection =
          idle.pop() ?? (await new Promise<RawConnection>((resolve) => waiting.push(resolve)));
        try {
          await connection.increment(id);
        } finally {
          const next = waiting.shift();
          if (next === undefined) idle.push(connection);
          else next(connection);
        }
      },
      async close() {
        for (const connection of all) connection.close();
        await Promise.resolve();
      },
    };
  },
} satisfies Variant;
