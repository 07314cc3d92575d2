import { ConnectionFailedError } from '../errors/store-errors.js';
import { LostConnection } from './connection.js';

/** Why no connection could be opened and what to do about it, without any secret. */
export function connectionError(error: unknown, server: string): ConnectionFailedError {
  const reason: unknown = error instanceof LostConnection ? (error.cause ?? error) : error;
  const { code = '', message = '', name = '' } = reason as Partial<Error> & { code?: string };
  const known = REASONS[code];
  // What the server itself says names users, hosts and databases, never a password.
  const detail = name === 'PostgresError' ? ` (${message})` : '';
  return new ConnectionFailedError(
    server,
    `${known ?? `${code === '' ? message : code}. Check the address and the server's log.`}${detail}`,
    { cause: reason },
  );
}

/** Whether an error says that the connection is gone, or that the server ended it (PostgreSQL manual, appendix A). */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof LostConnection) return true;
  const { code = '' } = error as { code?: string };
  return code.startsWith('08') || code.startsWith('57P') || ENDED_BY_SERVER.has(code);
}

/** A transaction or a session that did nothing, or took, for too long. */
const ENDED_BY_SERVER: ReadonlySet<string> = new Set(['25P03', '25P04']);

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start the database, or correct the address.',
  ENOENT: 'there is no such socket. Start the database, or correct the path.',
  ENOTFOUND: 'there is no such host. Correct the address.',
  EAI_AGAIN:
    'the name of the host could not be looked up. Check the network, or correct the address.',
  EHOSTUNREACH: 'the host cannot be reached. Check the network, or correct the address.',
  ENETUNREACH: 'the network cannot be reached. Check it, or correct the address.',
  CONNECT_TIMEOUT: 'it did not answer in time. Check the network, or raise connectTimeoutMs.',
  ETIMEDOUT: 'it did not answer in time. Check the network, or correct the address.',
  ECONNRESET: 'it reset the connection. Check its log.',
  '28P01': 'the password was refused. Check the user and the password.',
  '28000': 'the user was refused. Check the user, and pg_hba.conf on the server.',
  '3D000': 'there is no such database. Create it, or correct its name.',
  '42501': 'the user may not connect. Grant it CONNECT on the database.',
  '53300': 'the server has no connection left. Lower maxConnections, or raise its max_connections.',
  '57P03': 'the server is starting up or shutting down. Try again.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS. Switch TLS on there, or leave ssl out.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed. Give its authority in ssl.ca.',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is from an unknown authority. Give it in ssl.ca.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is from an unknown authority. Give it in ssl.ca.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host. Correct the address.',
  CERT_HAS_EXPIRED: 'its certificate has expired. Renew it.',
};
