import type { Reporter, TestCase, TestModule, TestSpecification } from 'vitest/node';
import type { Figure } from './check.js';

/** What is told of a run, a line of JSON each. */
export type TestReport =
  | { readonly event: 'files'; readonly files: readonly string[] }
  | { readonly event: 'test'; readonly file: string }
  | {
      readonly event: 'file';
      readonly file: string;
      readonly passed: number;
      readonly failures: readonly string[];
      /** What tests wrote on lines that begin with `measured:`. */
      readonly figures: readonly Figure[];
    };

const FIGURE = 'measured: ';

/** Tells each test and each file as soon as it is through, for a program to read. */
export default class LineReporter implements Reporter {
  readonly #figures = new Map<string, Figure[]>();

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    tell({ event: 'files', files: specifications.map(({ moduleId }) => moduleId) });
  }

  onTestCaseResult({ module }: TestCase): void {
    tell({ event: 'test', file: module.moduleId });
  }

  onUserConsoleLog({
    content,
    taskId,
  }: {
    readonly content: string;
    readonly taskId?: string;
  }): void {
    const key = taskId?.split('_')[0] ?? '';
    const figures = content
      .split('\n')
      .filter((line) => line.startsWith(FIGURE))
      .map((line) => JSON.parse(line.slice(FIGURE.length)) as Figure);
    this.#figures.set(key, [...(this.#figures.get(key) ?? []), ...figures]);
  }

  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const failed = tests.filter((test) => test.result().state === 'failed');
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    tell({
      event: 'file',
      file: module.moduleId,
      passed: tests.length - failed.length - skipped.length,
      failures: [
        ...module.errors().map((error) => `${module.relativeModuleId}: ${error.message}`),
        ...failed.map(
          (test) => `${test.fullName}: ${test.result().errors?.[0]?.message ?? 'failed'}`,
        ),
        ...skipped.map((test) => `${test.fullName}: skipped`),
      ],
      figures: this.#figures.get(module.id.split('_')[0] ?? '') ?? [],
    });
  }
}

function tell(report: TestReport): void {
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
