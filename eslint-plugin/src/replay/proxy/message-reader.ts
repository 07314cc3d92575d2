/** One message of Postgres' protocol, version 3. */
export interface Message {
  readonly type: string;
  /** Without the type and the length. */
  readonly body: Buffer;
  readonly raw: Buffer;
}

/** Cuts what a socket delivers into messages. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Message[] {
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    while (buffer.length >= 5) {
      const end = 1 + buffer.readInt32BE(1);
      if (buffer.length < end) break;
      const raw = buffer.subarray(0, end);
      messages.push({ type: String.fromCharCode(raw[0] ?? 0), body: raw.subarray(5), raw });
      buffer = buffer.subarray(end);
    }
    this.#rest = buffer;
    return messages;
  }
}

/** The text up to the next zero byte, and where the one after it begins. */
export function readText(body: Buffer, start = 0): { text: string; end: number } {
  const zero = body.indexOf(0, start);
  const stop = zero === -1 ? body.length : zero;
  return { text: body.toString('utf8', start, stop), end: stop + 1 };
}
