import { afterEach, expect } from 'vitest';
import { ChatProcess, type ChatProcessOptions } from './chat-process.js';

/**
 * Starts processes of the chat for each test. After the test they are asked to stop, and have to: with exit code 0, and
 * without having reported an error of their own.
 */
export function useProcesses(): (options: ChatProcessOptions) => ChatProcess {
  const running = new Set<ChatProcess>();
  // A worker that is ended by force still takes its processes with it.
  process.on('exit', () => {
    for (const { pid, exitCode } of running) {
      if (exitCode === undefined) process.kill(pid, 'SIGKILL');
    }
  });

  afterEach(async () => {
    const processes = [...running];
    running.clear();
    const own = processes.filter(({ exitCode }) => exitCode === undefined);
    await Promise.all(own.map((one) => one.end('SIGTERM')));
    for (const { unexpectedErrors, exitCode } of own) {
      expect(unexpectedErrors).toEqual([]);
      expect(exitCode).toBe(0);
    }
  });

  return (options) => {
    const started = new ChatProcess(options);
    running.add(started);
    return started;
  };
}
