import type { Reporter, TestModule } from 'vitest/node';

/** What is told of one test file, as a line of JSON. */
export interface ModuleReport {
  readonly module: string;
  readonly passed: number;
  readonly failures: readonly string[];
  /** What tests wrote on lines that begin with `measured:`. */
  readonly notes: readonly string[];
}

const NOTE = 'measured: ';

/** Tells each test file's result as soon as it is there, for a program to read. */
export default class LineReporter implements Reporter {
  readonly #notes = new Map<string, string[]>();

  onUserConsoleLog({
    content,
    taskId,
  }: {
    readonly content: string;
    readonly taskId?: string;
  }): void {
    const key = taskId?.split('_')[0] ?? '';
    const notes = content.split('\n').filter((line) => line.startsWith(NOTE));
    this.#notes.set(key, [
      ...(this.#notes.get(key) ?? []),
      ...notes.map((line) => line.slice(NOTE.length)),
    ]);
  }

  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const failed = tests.filter((test) => test.result().state === 'failed');
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const report: ModuleReport = {
      module: module.relativeModuleId,
      passed: tests.length - failed.length - skipped.length,
      failures: [
        ...module.errors().map((error) => `${module.relativeModuleId}: ${error.message}`),
        ...failed.map(
          (test) => `${test.fullName}: ${test.result().errors?.[0]?.message ?? 'failed'}`,
        ),
        ...skipped.map((test) => `${test.fullName}: skipped`),
      ],
      notes: this.#notes.get(module.id.split('_')[0] ?? '') ?? [],
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}
