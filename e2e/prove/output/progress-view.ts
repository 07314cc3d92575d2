import yoctoSpinner from 'yocto-spinner';

/** Shows what goes on while checks run: a spinner on a terminal, a line per check elsewhere. */
export interface ProgressView {
  start(claim: string): void;
  update(text: string): void;
  stop(): void;
}

/** @param isTerminal - whether a person watches standard error */
export function createProgressView(isTerminal: boolean): ProgressView {
  if (!isTerminal) {
    return {
      start: (claim) => process.stderr.write(`checking: ${claim}\n`),
      update: () => undefined,
      stop: () => undefined,
    };
  }
  const spinner = yoctoSpinner({ stream: process.stderr });
  let claim = '';
  return {
    start(next) {
      claim = next;
      spinner.start(next);
    },
    update(text) {
      spinner.text = `${claim} (${text})`;
    },
    stop: () => spinner.stop(),
  };
}
