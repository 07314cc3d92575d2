import { connect } from 'node:net';
import { NotPostgresError, UnreachableError } from '../errors/replay-error.js';

/** In milliseconds. */
const ANSWER_WITHIN = 5000;

/** Asks for encryption, which a Postgres answers with one byte, whatever it thinks of it. */
export async function assertPostgres(host: string, port: number, address: string): Promise<void> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80877103, 4);
  await new Promise<void>((done, fail) => {
    const socket = connect({ host, port });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) done();
      else fail(error);
    };
    socket.setTimeout(ANSWER_WITHIN, () => end(new NotPostgresError(address)));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (answer: Buffer) => {
      const byte = String.fromCharCode(answer[0] ?? 0);
      end(answer.length === 1 && 'SN'.includes(byte) ? undefined : new NotPostgresError(address));
    });
    socket.on('close', () => end(new NotPostgresError(address)));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(
        error.code === 'ECONNRESET'
          ? new NotPostgresError(address)
          : new UnreachableError(address, error),
      ),
    );
  });
}
