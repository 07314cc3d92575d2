import type { Progress } from '../audit/run-audit.js';

/** Shows on one line of a terminal what is being done; nothing where standard error is no terminal. */
export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
}

/** More often than this nobody sees, in milliseconds. */
const INTERVAL = 100;

export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  let shown = 0;
  return {
    show({ step, done }) {
      const now = Date.now();
      if (now - shown < INTERVAL && done > 0 && done < 1) return;
      shown = now;
      const percent = done > 0 ? ` ${Math.round(done * 100)} %` : '';
      stream.write(`\r\u001b[K${step}${percent}`);
    },
    end() {
      stream.write('\r\u001b[K');
    },
  };
}
