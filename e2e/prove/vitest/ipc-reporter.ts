import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { TestMessage } from './test-messages.js';

/** A vitest reporter that tells the parent process what happens, as it happens. */
export default class IpcReporter implements Reporter {
  onTestModuleCollected(module: TestModule): void {
    send({ type: 'collected', tests: [...module.children.allTests()].length });
  }

  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result();
    const { figure } = test.meta() as { readonly figure?: string };
    if (state === 'pending') return;
    send({ type: 'test', name: test.fullName, state, reason: reasons(errors), figure });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    for (const module of modules) {
      const errors = [
        ...module.errors(),
        ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
      ];
      if (errors.length > 0) {
        send({ type: 'error', name: module.relativeModuleId, reason: reasons(errors) });
      }
    }
    if (unhandledErrors.length > 0) {
      send({ type: 'error', name: 'unhandled', reason: reasons(unhandledErrors) });
    }
  }
}

function send(message: TestMessage): void {
  process.send?.(message);
}

function reasons(errors: readonly { readonly message: string }[]): string {
  return errors.map(({ message }) => message).join('\n');
}
