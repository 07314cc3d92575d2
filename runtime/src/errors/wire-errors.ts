import { JustScaleError } from './justscale-error.js';

/** A value that must not, or cannot, leave this process. */
export class ProcessableEncodeError extends JustScaleError {
  readonly code = 'PROCESSABLE_ENCODE';
  /** Where it was found, such as `$.items[2].owner`. */
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`Cannot encode ${path}: ${reason}.`);
    this.path = path;
    this.reason = reason;
  }
}

/** Text that `encode` did not write. */
export class ProcessableDecodeError extends JustScaleError {
  readonly code = 'PROCESSABLE_DECODE';
  /** Where it was found, such as `$.items[2]`. */
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`Cannot decode ${path}: ${reason}.`, options);
    this.path = path;
  }
}
