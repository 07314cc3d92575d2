import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { Conversation } from '#src/postgres/protocol/conversation.js';
import type { Statement } from '#src/postgres/statement.js';

interface Step {
  readonly statement: Statement;
  readonly isShared?: boolean;
}

const INT4 = 23;
const TEXT = 25;

function extended(text: string, ...values: (string | null)[]): Statement {
  return { text, parameters: values.map((value) => ({ value, type: TEXT })) };
}

const divide = (by: string): Statement => ({
  text: 'select 1 / $1 as result',
  parameters: [{ value: by, type: INT4 }],
});

/** One of each that a server says: rows, nothing, errors alone and shared, several statements in a text, notices, notifications. */
export const STEPS: readonly Step[] = [
  { statement: extended('select $1 as text, $2 as nothing', 'grün 🎉', null) },
  { statement: extended('select $1 as text, $2 as nothing', '', 'again') },
  { statement: { text: 'listen here', parameters: [], isSimple: true } },
  { statement: extended("select pg_notify('here', $1)", 'payload') },
  { statement: extended('begin'), isShared: true },
  { statement: divide('1'), isShared: true },
  { statement: extended('commit') },
  { statement: divide('1'), isShared: true },
  { statement: divide('0'), isShared: true },
  { statement: extended('select $1 as text', 'not executed') },
  { statement: divide('1') },
  { statement: { text: 'select 1 as a; select 2 as b, 3 as c', parameters: [], isSimple: true } },
  { statement: { text: '', parameters: [], isSimple: true } },
  { statement: { text: 'select nonsense', parameters: [], isSimple: true } },
  {
    statement: {
      text: "do $$ begin raise notice 'a remark'; end $$",
      parameters: [],
      isSimple: true,
    },
  },
  { statement: { ...extended('select 1 as same, 2 as same, $1 as text', 'x'), isForeign: true } },
  { statement: extended('select n from generate_series(1, length($1)) n', 'xxx') },
];

/** Everything that a conversation told. */
export interface Told {
  readonly outcomes: unknown[];
  readonly notified: string[];
  readonly noticed: (string | undefined)[];
  readonly broken: unknown[];
  /** How often a statement was told an outcome that had one already. */
  repeated: number;
}

/** Says all steps on a socket, and notes what is told. */
export function converse(socket: Socket): {
  readonly told: Told;
  readonly conversation: Conversation;
} {
  const told: Told = {
    outcomes: STEPS.map(() => undefined),
    notified: [],
    noticed: [],
    broken: [],
    repeated: 0,
  };
  const conversation = new Conversation(socket, true, {
    onNotify: (channel, payload) => told.notified.push(`${channel}: ${payload}`),
    onNotice: ({ message }) => told.noticed.push(message),
    onBroken: (cause) => {
      told.broken.push(cause);
      for (const { reject } of conversation.abandon()) reject(cause);
    },
    onIdle: () => undefined,
  });
  for (const [index, { statement, isShared = false }] of STEPS.entries()) {
    const tell = (outcome: unknown): void => {
      if (told.outcomes[index] !== undefined) told.repeated += 1;
      told.outcomes[index] = outcome;
    };
    const delivery = {
      resolve: (rows: unknown) => {
        const { command, count } = rows as { command: string; count: number };
        tell({ command, count, rows: Array.from(rows as unknown[]) });
      },
      reject: (error: unknown) => tell((error as { code?: string }).code ?? String(error)),
    };
    conversation.send(statement, delivery, isShared);
  }
  return { told, conversation };
}

/** A socket on which nothing is sent and what is pushed arrives. */
export class ReplaySocket extends Duplex {
  override _read(): void {
    // What arrives is pushed.
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  /** Lets these bytes arrive, before this returns. */
  arrive(bytes: Buffer): void {
    this.emit('data', bytes);
  }
}

/** What is told when a server's replies arrive in these pieces. */
export function replay(pieces: readonly Buffer[]): Told & { readonly unanswered: number } {
  const socket = new ReplaySocket();
  const { told, conversation } = converse(socket as unknown as Socket);
  for (const piece of pieces) socket.arrive(piece);
  const unanswered = conversation.abandon();
  for (const { reject } of unanswered) reject(new Error('unanswered'));
  socket.destroy();
  return { ...told, unanswered: unanswered.length };
}
