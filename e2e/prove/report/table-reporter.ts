import type { Colors } from 'picocolors/types.js';
import yoctoSpinner, { type Spinner } from 'yocto-spinner';
import type { Check } from '../check.js';
import type { Outcome, Reporter } from '../run/run-checks.js';
import { Columns, formatCount, formatDuration } from './columns.js';

const FAILURES_SHOWN = 10;

/** Where the table goes. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Shows the proof as a table; on a terminal with a spinner for the check that runs. */
export class TableReporter implements Reporter {
  readonly #output: Output;
  readonly #colors: Colors;
  readonly #columns: Columns;
  readonly #spinner: Spinner | undefined;
  readonly #outcomes: Outcome[] = [];
  readonly #startedAt = performance.now();

  constructor(checks: readonly Check[], output: Output, colors: Colors) {
    this.#output = output;
    this.#colors = colors;
    this.#columns = new Columns(checks, colors);
    this.#spinner =
      output.isTTY === true
        ? yoctoSpinner({ stream: output as NodeJS.WriteStream, handleSignals: false })
        : undefined;
    this.#print(`\n${this.#columns.header()}`);
  }

  start(check: Check): void {
    this.#spinner?.start(this.#columns.current(check, ''));
  }

  progress(check: Check, text: string): void {
    if (this.#spinner !== undefined) this.#spinner.text = this.#columns.current(check, text);
  }

  end(outcome: Outcome): void {
    this.#spinner?.stop();
    this.#outcomes.push(outcome);
    this.#print(this.#columns.row(outcome));
  }

  /** The last lines: whether everything held, and if not, why. */
  summarise(): void {
    const { green, red, bold } = this.#colors;
    const failed = this.#outcomes.filter(({ ok }) => !ok);
    const time = formatDuration(performance.now() - this.#startedAt);
    this.#print(this.#columns.line());
    if (failed.length === 0) {
      const checked = this.#outcomes.reduce((sum, { count }) => sum + count, 0);
      this.#print(`  ${green(bold('Everything held.'))} ${formatCount(checked)} checks, ${time}\n`);
      return;
    }
    this.#print(
      `  ${red(bold('Not proved.'))} ${failed.length} of ${this.#outcomes.length} did not hold, ${time}`,
    );
    for (const { check, failures } of failed) {
      this.#print(`\n  ${red('✘')} ${bold(`${check.ring}: ${check.title}`)}`);
      for (const failure of failures.slice(0, FAILURES_SHOWN)) this.#print(indent(failure));
      const more = failures.length - FAILURES_SHOWN;
      if (more > 0) this.#print(indent(`… and ${more} more`));
    }
    this.#print('');
  }

  /** Leaves the terminal as it was. */
  stop(): void {
    this.#spinner?.stop();
  }

  #print(text: string): void {
    this.#output.write(`${text}\n`);
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
