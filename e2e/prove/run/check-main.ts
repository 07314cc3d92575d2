import type { Check, CheckResult } from '../check.js';
import type { CheckMessage } from './check-messages.js';

const [file = ''] = process.argv.slice(2);
let isDone = false;

process.on('disconnect', () => {
  // Whoever started this is gone, so nobody needs the rest: neither this process nor its children, who share its group.
  if (!isDone) process.kill(-process.pid, 'SIGKILL');
});

function send(message: CheckMessage): void {
  process.send?.(message);
}

async function run(): Promise<CheckResult> {
  try {
    const { default: check } = (await import(file)) as { default: Check };
    return await check.run({ progress: (text) => send({ type: 'progress', text }) });
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { count: 0, unit: '', failures: [reason] };
  }
}

const result = await run();
isDone = true;
send({ type: 'result', result });
process.disconnect();
