import { connect, type Socket } from 'node:net';
import { readBind, withParameters } from './bound-parameters.js';
import { MessageReader, readText, type Message } from './message-reader.js';
import type { Held, Statement } from './statement.js';

/** What a connection asks its proxy. */
export interface SessionContext {
  readonly upstream: { host: string; port: number };
  readonly connection: number;
  isLocal(sql: string): boolean;
  nextArrival(): number;
  changed(): void;
  released(statement: Statement): void;
}

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** One connection of the code under test to the server, through the proxy. */
export class Session {
  /** The server's process for it, once it is known. */
  pid: number | undefined;
  inFlight: Held | undefined;
  readonly #held: Held[] = [];
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #context: SessionContext;
  readonly #prepared = new Map<string, string>();
  #start: Buffer | undefined = Buffer.alloc(0);
  /** As the server told it last: `I` where no transaction is open. */
  #status: string | undefined;
  #batch: Buffer[] = [];
  #batchSql: string[] = [];
  #bound = '';

  constructor(client: Socket, context: SessionContext, closed: () => void) {
    this.#client = client;
    this.#context = context;
    this.#server = connect(context.upstream);
    const fromClient = new MessageReader();
    const fromServer = new MessageReader();
    client.setNoDelay(true);
    this.#server.setNoDelay(true);
    client.on('data', (chunk: Buffer) => {
      const rest = this.#start === undefined ? chunk : this.#begin(chunk);
      if (rest !== undefined) for (const message of fromClient.push(rest)) this.#send(message);
    });
    this.#server.on('data', (chunk: Buffer) => {
      // The client's next statement must find the last one answered.
      for (const message of fromServer.push(chunk)) this.#receive(message);
      client.write(chunk);
    });
    const close = () => {
      this.close();
      closed();
    };
    for (const socket of [client, this.#server]) socket.on('error', close).on('close', close);
  }

  /** Whether the server has let it in. */
  get isReady(): boolean {
    return this.#status !== undefined;
  }

  /** The statement that would be sent next. */
  get next(): Held | undefined {
    return this.inFlight === undefined ? this.#held[0] : undefined;
  }

  release(): Statement | undefined {
    const held = this.#held.shift();
    if (held === undefined) return undefined;
    this.inFlight = held;
    held.statement.inTransaction = this.#status === 'T' && !held.statement.sql.includes(';');
    this.#server.write(held.bytes);
    this.#context.released(held.statement);
    return held.statement;
  }

  close(): void {
    this.#held.length = 0;
    this.inFlight = undefined;
    this.#client.destroy();
    this.#server.destroy();
  }

  /** The messages before the first typed one: they have no type. */
  #begin(chunk: Buffer): Buffer | undefined {
    let buffer = Buffer.concat([this.#start ?? Buffer.alloc(0), chunk]);
    while (buffer.length >= 8) {
      const length = buffer.readInt32BE(0);
      const kind = buffer.readInt32BE(4);
      if (buffer.length < length) break;
      const encrypts = kind === SSL_REQUEST || kind === GSS_REQUEST;
      if (encrypts) this.#client.write('N');
      else this.#server.write(buffer.subarray(0, length));
      buffer = buffer.subarray(length);
      if (encrypts) continue;
      this.#start = undefined;
      return kind === CANCEL_REQUEST ? undefined : buffer;
    }
    this.#start = buffer;
    return undefined;
  }

  #send({ type, body, raw }: Message): void {
    if (!this.isReady || 'Xdcf'.includes(type)) return void this.#server.write(raw);
    if (type === 'Q' || type === 'F') {
      const sql = type === 'Q' ? readText(body).text : '(a call of a function)';
      this.#hold([raw], [sql], undefined);
      return;
    }
    this.#batch.push(Buffer.from(raw));
    if (type === 'P') {
      const { text: name, end } = readText(body);
      this.#prepared.set(name, readText(body, end).text);
    } else if (type === 'B') {
      const { statement, parameters } = readBind(body);
      this.#bound = withParameters(this.#prepared.get(statement) ?? '', parameters);
    } else if (type === 'E') {
      this.#batchSql.push(this.#bound);
    } else if (type === 'S' || type === 'H') {
      const [batch, sql] = [this.#batch, this.#batchSql];
      [this.#batch, this.#batchSql] = [[], []];
      // A Flush that executes nothing asks what a statement is like.
      if (type === 'H' && sql.length === 0) this.#server.write(Buffer.concat(batch));
      else this.#hold(batch, sql, type === 'H' ? sql.length : undefined);
    }
  }

  #hold(bytes: Buffer[], sql: string[], executions: number | undefined): void {
    const text = sql.join('; ');
    this.#held.push({
      statement: {
        sql: text,
        connection: this.#context.connection,
        scheduled: sql.length > 0 && !this.#context.isLocal(text),
        inTransaction: false,
        waited: false,
        error: undefined,
      },
      bytes: Buffer.concat(bytes),
      arrival: this.#context.nextArrival(),
      executions,
    });
    this.#advance();
  }

  #receive({ type, body }: Message): void {
    if (type === 'K') this.pid = body.readInt32BE(0);
    if (type === 'Z') this.#status = String.fromCharCode(body[0] ?? 0);
    const { inFlight } = this;
    if (inFlight === undefined) return;
    if (type === 'E') inFlight.statement.error ??= errorCode(body);
    const ended = inFlight.executions !== undefined && 'CsIE'.includes(type);
    if (ended) inFlight.executions = type === 'E' ? 0 : (inFlight.executions ?? 1) - 1;
    if (type !== 'Z' && inFlight.executions !== 0) return;
    this.inFlight = undefined;
    this.#advance();
  }

  #advance(): void {
    if (this.next?.statement.scheduled === false) this.release();
    this.#context.changed();
  }
}

function errorCode(body: Buffer): string | undefined {
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const { text, end } = readText(body, at + 1);
    if (body[at] === 0x43) return text;
    at = end;
  }
  return undefined;
}
