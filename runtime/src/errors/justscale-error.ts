/** The base of every error that this package throws on purpose. Branch on `code` or on the class, never on the text. */
export abstract class JustScaleError extends Error {
  /** Stable across releases, such as `LOCK_NOT_HELD`. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
