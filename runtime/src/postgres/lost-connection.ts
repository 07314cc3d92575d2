/** The connection was lost. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection';
  /** Whether the statement had been handed to the connection: it may have been executed. */
  readonly wasSent: boolean;

  constructor(wasSent: boolean, options?: ErrorOptions) {
    super('the connection is gone', options);
    this.wasSent = wasSent;
  }
}
