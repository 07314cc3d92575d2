import { createColors } from 'picocolors';
import { verdictOf, type FinishedCheck } from '../check.js';
import { MARKS } from './marks.js';

/** Shows what goes on while checks run: what runs, and how far it is. */
export interface ProgressView {
  start(claim: string): void;
  update(claim: string, text: string): void;
  stop(finished: FinishedCheck): void;
  /** Takes away what was only for the time of the run. */
  close(): void;
}

/** One line for each claim that runs, written again as it goes on; above them those that are through. */
export function terminalView(stream: NodeJS.WriteStream): ProgressView {
  const colour = createColors(process.env['NO_COLOR'] === undefined);
  const running = new Map<string, string>();
  let shown = 0;
  const show = (above = ''): void => {
    const width = Math.max(20, stream.columns) - 1;
    const lines = [...running].map(([claim, text]) => `   ${claim}${text}`.slice(0, width));
    stream.write(
      `${shown > 0 ? `\u001B[${shown}A` : ''}\r\u001B[J${above}${lines.map((line) => `${colour.dim(line)}\n`).join('')}`,
    );
    shown = lines.length;
  };
  return {
    start(claim) {
      running.set(claim, '');
      show();
    },
    update(claim, text) {
      running.set(claim, `: ${text}`);
      show();
    },
    stop(finished) {
      running.delete(finished.check.claim);
      show(` ${MARKS[verdictOf(finished)]} ${finished.check.claim}\n`);
    },
    close: () => show(),
  };
}

/** A line when a claim begins and one when it is through, for logs. */
export function logView(stream: NodeJS.WritableStream): ProgressView {
  return {
    start: (claim) => stream.write(`checking: ${claim}\n`),
    update: () => undefined,
    stop: ({ check, seconds }) =>
      stream.write(`checked: ${check.claim}, ${seconds.toFixed(1)} s\n`),
    close: () => undefined,
  };
}
