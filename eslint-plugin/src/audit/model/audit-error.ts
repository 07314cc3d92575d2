/** An audit that could not run. The message is one sentence that says why; the command exits with 2. */
export class AuditError extends Error {
  override readonly name = 'AuditError';

  constructor(
    readonly code:
      | 'FOLDER_MISSING'
      | 'NO_SOURCES'
      | 'NO_REPOSITORY'
      | 'UNKNOWN_REVISION'
      | 'BASELINE_UNREADABLE'
      | 'UNKNOWN_KIND'
      | 'OUTPUT_UNWRITABLE',
    message: string,
  ) {
    super(message);
  }
}
