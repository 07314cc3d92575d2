import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';

/** What the driver takes as `ssl`. */
export type SslOption = string | true | ConnectionOptions;

/** Asks whether the server speaks TLS (PostgreSQL manual, section 54.2.11). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const YES = 'S'.charCodeAt(0);
const NO = 'N'.charCodeAt(0);

/** TLS without a certificate that is checked, as libpq has it. */
const UNCHECKED: ReadonlySet<unknown> = new Set(['allow', 'prefer', 'require']);

/**
 * Goes on in TLS on a socket to a server, as the driver does for the same options.
 *
 * @param negotiation - `direct` to begin with TLS without asking first
 * @param signal - gives up
 * @throws the error of the socket or of TLS; with the code `ERR_SSL_WRONG_VERSION_NUMBER` when the server does not speak it
 */
export async function encrypt(
  opening: Socket | Promise<Socket>,
  host: string,
  ssl: SslOption,
  negotiation: string | null | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await opening;
  try {
    return await negotiate(socket, host, ssl, negotiation, signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function negotiate(
  socket: Socket,
  host: string,
  ssl: SslOption,
  negotiation: string | null | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  if (socket.connecting) await once(socket, 'connect', { signal });
  const isDirect = negotiation === 'direct';
  if (!isDirect && !(await speaksTls(socket, signal))) {
    if (ssl === 'prefer') return socket;
    throw Object.assign(new Error('the server does not speak TLS'), {
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    });
  }
  const secure = connect({
    socket,
    // Against this the certificate is checked where there is no name; without it Node checks an address against `localhost`.
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(isDirect ? { ALPNProtocols: ['postgresql'] } : {}),
    ...(UNCHECKED.has(ssl) ? { rejectUnauthorized: false } : {}),
    ...(typeof ssl === 'object' ? ssl : {}),
  });
  await once(secure, 'secureConnect', { signal });
  return Object.assign(secure, { host });
}

async function speaksTls(socket: Socket, signal: AbortSignal): Promise<boolean> {
  const answered = once(socket, 'data', { signal }) as Promise<[Buffer]>;
  socket.write(SSL_REQUEST);
  const [answer] = await answered;
  // More than one byte before the handshake comes from somebody in between (CVE-2021-23222).
  if (answer.length === 1 && answer[0] === YES) return true;
  if (answer.length === 1 && answer[0] === NO) return false;
  throw new Error('the server answered the request for TLS with something else');
}
