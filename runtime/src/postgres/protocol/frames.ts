/** A message is its type, and its length without that. */
const HEADER_BYTES = 5;
const LENGTH_BYTES = 4;
/** The server makes no longer one (`MaxAllocSize`). */
const MAX_LENGTH = 2 ** 30;

const ERROR = 'E'.charCodeAt(0);
const NOTICE = 'N'.charCodeAt(0);

/**
 * Puts together what arrives in pieces, so that only whole messages are parsed: the parser trusts the lengths that it is told, and
 * reads an error without an end for ever.
 */
export class Frames {
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** How many bytes there have to be before it is worth looking. */
  #needed = HEADER_BYTES;

  /**
   * @param chunk - what arrived
   * @returns all messages that are whole now, one behind the other, if there is any
   * @throws {Error} for what no server sends
   */
  push(chunk: Buffer): Buffer | undefined {
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return undefined;
    const buffer = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces, this.#bytes);
    const end = this.#endOfWhole(buffer);
    this.#pieces = end === buffer.length ? [] : [buffer.subarray(end)];
    this.#bytes = buffer.length - end;
    return end === 0 ? undefined : buffer.subarray(0, end);
  }

  #endOfWhole(buffer: Buffer): number {
    let at = 0;
    this.#needed = HEADER_BYTES;
    while (at + HEADER_BYTES <= buffer.length) {
      const length = buffer.readUInt32BE(at + 1);
      if (length < LENGTH_BYTES || length > MAX_LENGTH)
        throw new Error(`the server sent a message of ${length} bytes`);
      const end = at + 1 + length;
      if (end > buffer.length) {
        this.#needed = end - at;
        break;
      }
      if (!isClosed(buffer, at, end)) throw new Error('the server sent an error without an end');
      at = end;
    }
    return at;
  }
}

/** Whether the fields of an error or a notice come to an end: after the last one there is a zero where the next would begin. */
function isClosed(buffer: Buffer, at: number, end: number): boolean {
  const type = buffer[at];
  if (type !== ERROR && type !== NOTICE) return true;
  return buffer[end - 1] === 0 && (end - at === HEADER_BYTES + 1 || buffer[end - 2] === 0);
}
