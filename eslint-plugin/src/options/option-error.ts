/** An option of a rule that passes its schema and still makes no sense. */
export class OptionError extends Error {
  override readonly name = 'OptionError';

  /** The option's name, as it stands in the configuration. */
  readonly option: string;

  constructor(option: string, reason: string, cause?: unknown) {
    super(`option \`${option}\`: ${reason}.`, { cause });
    this.option = option;
    // ESLint prints the stack of what stops it; here the mend is all that helps.
    this.stack = `${this.name}: ${this.message}`;
  }
}
