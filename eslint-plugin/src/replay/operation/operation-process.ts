/** The process of an operation; `start-operation` forks it. */
import { describeError, type OperationResult } from './operation.js';

export interface Task {
  readonly module: string;
  readonly export: string;
  readonly args: readonly unknown[];
}

export type ProcessRequest = Task | 'ping';

/** That the operation has begun, how it ended, or why it is not there; and the answer to a ping. */
export type ProcessMessage = 'begun' | 'pong' | OperationResult | { readonly missing: string };

// Whoever started it is gone, and with it what the statements wait for.
process.once('disconnect', () => process.exit());

process.on('message', (request: ProcessRequest) => {
  if (request === 'ping') setImmediate(() => process.send?.('pong'));
  else void run(request);
});

async function run({ module, export: name, args }: Task): Promise<void> {
  let operation: unknown;
  try {
    operation = ((await import(module)) as Record<string, unknown>)[name];
  } catch (error) {
    send({ missing: `${module} cannot be imported: ${String(error)}` });
    return;
  }
  if (typeof operation !== 'function') {
    send({ missing: `${module} exports no function \`${name}\`.` });
    return;
  }
  send('begun');
  try {
    send({ value: await (operation as (...args: readonly unknown[]) => unknown)(...args) });
  } catch (error) {
    send(describeError(error));
  }
}

function send(message: ProcessMessage): void {
  try {
    process.send?.(message);
  } catch {
    process.send?.({ missing: 'its result cannot be sent between processes: return plain data.' });
  }
}
