import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CheckResult } from '../check.js';
import type { CheckMessage } from './check-messages.js';

const CHECK_MAIN = fileURLToPath(new URL('./check-main.js', import.meta.url));
/** How long a check may take to end after it has reported its result, in milliseconds. */
const END_LIMIT_MS = 15_000;
const OUTPUT_LINES = 30;

/**
 * Runs a check in a process of its own, which leads a process group: whatever it starts ends with it.
 *
 * @param file - the URL of the check's module
 * @param signal - ends it at once
 * @throws the signal's reason
 */
export async function runCheckProcess(
  file: string,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<CheckResult> {
  signal.throwIfAborted();
  const child = fork(CHECK_MAIN, [file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = collectOutput(child);
  let result: CheckResult | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let isLate = false;
  child.on('message', (message: CheckMessage) => {
    if (message.type === 'progress') {
      onProgress(message.text);
      return;
    }
    result = message.result;
    deadline = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, END_LIMIT_MS);
  });
  const onAbort = (): void => killGroup(child);
  signal.addEventListener('abort', onAbort);

  const [code, exitSignal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(deadline);
  signal.removeEventListener('abort', onAbort);
  // What it may have left running.
  killGroup(child);
  signal.throwIfAborted();
  if (result === undefined) {
    return failed(`The check ended without a result (${exitSignal ?? code}).\n${output()}`);
  }
  if (isLate) return failed(`Something kept the check's process alive.\n${output()}`, result);
  return result;
}

function failed(reason: string, result: CheckResult = { count: 0, unit: '', failures: [] }) {
  return { ...result, failures: [...result.failures, reason] };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody is left in the group; EPERM is how macOS says so of a group of zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Keeps the last lines of what a process writes. */
function collectOutput({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).split('\n').slice(-OUTPUT_LINES).join('\n');
    });
  }
  return () => text.trim();
}
