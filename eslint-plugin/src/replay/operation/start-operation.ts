import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAbsolute, resolve } from 'node:path';
import { OperationProcessError } from '../errors/replay-error.js';
import {
  describeError,
  type Operation,
  type OperationResult,
  type ProcessOperation,
  type RunningOperation,
} from './operation.js';
import type { ProcessMessage, ProcessRequest } from './operation-process.js';

const PROCESS = fileURLToPath(new URL('./operation-process.js', import.meta.url));

export function startOperation(
  operation: Operation,
  process: 'a' | 'b',
  url: string,
): RunningOperation {
  if (typeof operation !== 'function') return startProcess(operation, process, url);
  return {
    begun: Promise.resolve(),
    result: Promise.resolve()
      .then(() => operation(url))
      .then((value) => ({ value }), describeError),
    turnOfLoop: () => setImmediate(),
    stop: async () => undefined,
  };
}

function startProcess(
  operation: ProcessOperation,
  process: 'a' | 'b',
  url: string,
): RunningOperation {
  const child = fork(PROCESS, [], {
    env: { ...globalThis.process.env, ...connectionVariables(url) },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const send = (request: ProcessRequest) => {
    if (child.connected) child.send(request, () => undefined);
  };
  const exited = once(child, 'exit').catch(() => undefined);
  const begun = new Promise<void>((settle) => {
    child.on('message', (message: ProcessMessage) => {
      if (message === 'begun') settle();
    });
  });
  const result = new Promise<OperationResult>((settle, fail) => {
    child.on('message', (message: ProcessMessage) => {
      if (typeof message !== 'object') return;
      if ('missing' in message) fail(new OperationProcessError(process, message.missing));
      else settle(message);
    });
    child.once('error', (error) => fail(new OperationProcessError(process, error.message)));
    child.once('exit', (code, signal) =>
      fail(
        new OperationProcessError(process, `it ended with ${signal ?? code} before it had run it.`),
      ),
    );
  });
  result.catch(() => undefined);
  send({
    module: moduleUrl(operation.module),
    export: operation.export ?? 'default',
    args: operation.args ?? [],
  });
  return {
    begun,
    result,
    turnOfLoop: () => {
      const answered = new Promise<void>((settle) => {
        const listen = (message: ProcessMessage) => {
          if (message !== 'pong') return;
          child.off('message', listen);
          settle();
        };
        child.on('message', listen);
      });
      send('ping');
      return Promise.race([answered, exited.then(() => undefined)]);
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function moduleUrl(module: string | URL): string {
  if (module instanceof URL || module.startsWith('file:')) return String(module);
  return pathToFileURL(isAbsolute(module) ? module : resolve(module)).href;
}

function connectionVariables(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    DATABASE_URL: url,
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
}
