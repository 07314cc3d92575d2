/** Longer than any message of ours: what makes one longer came from outside, and is in the error's fields. */
const LONGEST_MESSAGE = 4_000;

/** The base of every error that this package throws on purpose. Branch on `code` or on the class, never on the text. */
export abstract class JustScaleError extends Error {
  /** Stable across releases, such as `LOCK_NOT_HELD`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(
      message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
      options,
    );
    this.name = new.target.name;
  }
}
