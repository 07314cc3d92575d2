import type { Socket } from 'node:net';
import type {
  CommandCompleteMessage,
  DatabaseError,
  DataRowMessage,
  NoticeMessage,
  NotificationResponseMessage,
  ReadyForQueryMessage,
  RowDescriptionMessage,
} from 'pg-protocol/dist/messages.js';
import { Parser } from 'pg-protocol/dist/parser.js';
import { serialize } from 'pg-protocol';
import type { Statement } from '../statement.js';
import { Frames } from './frames.js';
import { bind, EXECUTE, query, SYNC } from './messages.js';
import { PendingStatement, type Delivery } from './pending-statement.js';
import { PreparedStatements } from './prepared-statements.js';
import { toRows, type ListRow, type Rows } from './rows.js';
import { NotExecutedError, ServerError, serverFields, type ServerFields } from './server-error.js';

/** The most parameters that a message can count. */
const MAX_PARAMETERS = 65_535;

export interface ConversationEvents {
  onNotify(channel: string, payload: string): void;
  onNotice(fields: ServerFields): void;
  /** The server said what it must not: what comes next cannot be understood. */
  onBroken(cause: unknown): void;
  /** No reply is to come any more. */
  onIdle(): void;
}

/** What the server says of a transaction: there is none, it is open, or it failed. */
type TransactionStatus = 'I' | 'T' | 'E';

/**
 * What is said on one connection that is open already: statements by the extended protocol, or by the simple one where there
 * are several in a text (PostgreSQL manual, chapter 54), and the server's replies in their order. What is sent in one turn of the
 * event loop leaves in one write.
 */
export class Conversation {
  readonly #socket: Socket;
  readonly #events: ConversationEvents;
  readonly #mayPrepare: boolean;
  readonly #statements = new PreparedStatements();
  readonly #frames = new Frames();
  readonly #parser = new Parser();
  /** What is to be sent at the end of this turn. */
  #outbox: Buffer[] = [];
  #isFlushing = false;
  /** The last statement without a Sync behind it. */
  #open: PendingStatement | undefined;
  #pending: PendingStatement[] = [];
  /** Where in the list the first statement without a whole answer is, and the one that the next message is about. */
  #first = 0;
  #next = 0;
  #status: TransactionStatus = 'I';
  #unanswered: ServerError | undefined;
  #isAbandoned = false;

  /** @param mayPrepare - whether the server may keep statements; an old pooler gives each to another session */
  constructor(socket: Socket, mayPrepare: boolean, events: ConversationEvents) {
    this.#socket = socket;
    this.#mayPrepare = mayPrepare;
    this.#events = events;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  get isIdle(): boolean {
    return this.#first === this.#pending.length;
  }

  /** Whether a transaction is open, as the server said last. */
  get isInTransaction(): boolean {
    return this.#status !== 'I';
  }

  /** The last error, if the server was not ready again after it: then that is why it ends the connection. */
  get lastWord(): unknown {
    return this.#unanswered;
  }

  get isWornOut(): boolean {
    return this.#statements.areWornOut;
  }

  /**
   * Sends a statement.
   *
   * @param isShared - whether it is answered together with what is sent right after it in the same turn, none of which is
   *   executed when it fails
   */
  send(statement: Statement, delivery: Delivery, isShared = false): void {
    if (statement.parameters.length > MAX_PARAMETERS) {
      delivery.reject(new RangeError(`a statement takes at most ${MAX_PARAMETERS} parameters`));
      return;
    }
    const pending =
      statement.isSimple === true
        ? this.#sendSimple(statement, delivery)
        : this.#sendExtended(statement, delivery);
    this.#pending.push(pending);
    this.#open = pending.isLast ? undefined : pending;
    if (!isShared) this.#sync();
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(this.#flush);
  }

  /** Takes away those whose statements have no answer: there will be none. */
  abandon(): readonly Delivery[] {
    this.#isAbandoned = true;
    const lost = this.#pending.slice(this.#first);
    this.#pending = [];
    this.#first = this.#next = 0;
    return lost.map(({ delivery }) => delivery);
  }

  /** Says goodbye; nothing may be sent any more. */
  end(): void {
    this.#flush();
    this.#socket.end(serialize.end());
  }

  #sendSimple(statement: Statement, delivery: Delivery): PendingStatement {
    // It is answered by itself.
    this.#sync();
    const pending = new PendingStatement(statement, delivery, undefined);
    pending.isLast = true;
    this.#outbox.push(query(statement));
    return pending;
  }

  #sendExtended(statement: Statement, delivery: Delivery): PendingStatement {
    const mayKeep = this.#mayPrepare && statement.isForeign !== true;
    const kept = mayKeep ? this.#statements.find(statement) : undefined;
    const prepared = kept ?? this.#statements.add(statement, mayKeep);
    const pending = new PendingStatement(statement, delivery, prepared);
    const { name, text, types } = prepared;
    if (kept === undefined) {
      pending.isPreparing = true;
      this.#outbox.push(
        serialize.parse({ name, text, types: types as number[] }),
        serialize.describe({ type: 'S', name }),
      );
    }
    if (types.length > 0) this.#outbox.push(bind(name, statement), EXECUTE);
    else
      this.#outbox.push((prepared.execution ??= Buffer.concat([bind(name, statement), EXECUTE])));
    return pending;
  }

  #sync(): void {
    if (this.#open === undefined) return;
    this.#open.isLast = true;
    this.#open = undefined;
    this.#outbox.push(SYNC);
  }

  readonly #flush = (): void => {
    this.#isFlushing = false;
    if (this.#isAbandoned) return;
    this.#sync();
    const outbox = this.#outbox;
    const [only] = outbox;
    if (only === undefined) return;
    this.#outbox = [];
    this.#socket.write(outbox.length === 1 ? only : Buffer.concat(outbox));
  };

  #receive(chunk: Buffer): void {
    try {
      const whole = this.#frames.push(chunk);
      if (whole !== undefined) this.#parser.parse(whole, this.#onMessage);
    } catch (error) {
      this.#events.onBroken(error);
    }
  }

  readonly #onMessage = (message: { readonly name: string }): void => {
    // What is left of the same chunk.
    if (this.#isAbandoned) return;
    const pending = this.#pending[this.#next];
    switch (message.name) {
      case 'dataRow':
        pending?.add((message as DataRowMessage).fields as ListRow);
        return;
      case 'commandComplete':
        this.#complete(pending, (message as CommandCompleteMessage).text);
        return;
      case 'emptyQuery':
        this.#complete(pending, '');
        return;
      case 'readyForQuery':
        this.#status = (message as ReadyForQueryMessage).status as TransactionStatus;
        this.#settle();
        return;
      case 'parseComplete':
        if (pending !== undefined) pending.isPreparing = false;
        return;
      case 'rowDescription':
        pending?.describe(message as RowDescriptionMessage);
        return;
      case 'error':
        this.#fail(message as DatabaseError, pending);
        return;
      case 'notification': {
        const { channel, payload } = message as NotificationResponseMessage;
        this.#events.onNotify(channel, payload);
        return;
      }
      case 'notice':
        this.#events.onNotice(serverFields(message as NoticeMessage));
        return;
      case 'bindComplete':
      case 'noData':
      case 'parameterDescription':
      case 'parameterStatus':
        return;
      default:
        this.#events.onBroken(
          new Error(`the server sent ${message.name}, which nothing asked for`),
        );
    }
  };

  #complete(pending: PendingStatement | undefined, tag: string): void {
    if (pending === undefined) return;
    pending.tag = tag;
    // Of several in one text the last one's rows and tag stay.
    if (pending.prepared !== undefined) this.#next += 1;
  }

  #fail(message: DatabaseError, pending: PendingStatement | undefined): void {
    if (message.severity === undefined) {
      // Not the server's: the parser met a message that there is not.
      this.#events.onBroken(message);
      return;
    }
    const error = new ServerError(serverFields(message));
    this.#unanswered = error;
    // What was executed outside a transaction is committed at the Sync, and may fail only there.
    const done = this.#next > this.#first ? this.#pending[this.#next - 1] : undefined;
    const failed = done?.isLast === true ? done : pending;
    if (failed !== undefined) failed.error ??= error;
  }

  /** Everything up to a Sync has its answer. */
  #settle(): void {
    this.#unanswered = undefined;
    let at = this.#first;
    let cause: unknown;
    for (let isOver = false; !isOver; at += 1) {
      const pending = this.#pending[at];
      if (pending === undefined) {
        this.#events.onBroken(new Error('the server is ready for a statement that nobody sent'));
        return;
      }
      isOver = pending.isLast;
      if (pending.error === undefined && pending.tag === undefined)
        pending.error = new NotExecutedError(cause);
      if (pending.error === undefined) continue;
      cause ??= pending.error;
      const { prepared } = pending;
      if (prepared !== undefined && (pending.isPreparing || isOutdated(pending.error)))
        this.#statements.forget(prepared);
    }
    const settled = this.#pending.slice(this.#first, at);
    if (at === this.#pending.length) {
      this.#pending = [];
      at = 0;
    }
    this.#first = this.#next = at;
    for (const { delivery, error, prepared, columns, rows, tag = '' } of settled) {
      if (error === undefined)
        delivery.resolve(toRows(rows, tag, prepared?.columns ?? columns) as unknown as Rows);
      else delivery.reject(error);
    }
    if (this.isIdle) this.#events.onIdle();
  }
}

/** A plan that no longer fits its table, or a statement that the server does not keep. */
function isOutdated(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code === '0A000' || code === '26000';
}
