import { ErrorReply } from 'redis';
import { SignalTransportError } from '../errors/signal-errors.js';

/** Why no connection could be opened and what to do about it, without any secret. */
export function connectionReason(error: unknown): string {
  const { code = '', message = '' } = error as Partial<Error> & { code?: string };
  const reply = error instanceof ErrorReply ? CONNECT_REPLIES[firstWord(message)] : undefined;
  return (
    reply ??
    CONNECT_CODES[code] ??
    `${message === '' ? code : message}. Check the address and the server's log.`
  );
}

/** What the server refused; `undefined` for an error that is not the server's. */
export function replyError(error: unknown): SignalTransportError | undefined {
  if (!(error instanceof ErrorReply)) return undefined;
  const mend = REPLIES[firstWord(error.message)] ?? 'See its log.';
  return new SignalTransportError('redis', `${error.message}. ${mend}`, { cause: error });
}

function firstWord(text: string): string {
  return text.split(' ', 1)[0] ?? '';
}

const WRONG_PASSWORD = 'the password was refused. Check the user and the password.';

const CONNECT_REPLIES: Readonly<Record<string, string>> = {
  WRONGPASS: WRONG_PASSWORD,
  NOAUTH: 'it asks for a password. Give it in the url.',
  ERR: 'it refused to begin. Check the user and the password, and its log.',
};

const CONNECT_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start the server, or correct the address.',
  ENOENT: 'there is no such socket. Start the server, or correct the path.',
  ENOTFOUND: 'there is no such host. Correct the address.',
  ECONNRESET: 'it reset the connection. Check its log, and whether it wants TLS (rediss://).',
  ETIMEDOUT: 'it did not answer in time. Check the network, or correct the address.',
};

const REPLIES: Readonly<Record<string, string>> = {
  NOPERM:
    'Let the user publish and subscribe: +publish +subscribe +unsubscribe +ping, on &<channel> and &<channel>_echo:*.',
  NOAUTH: 'Give the password in the url.',
  OOM: 'The server is out of memory.',
};
