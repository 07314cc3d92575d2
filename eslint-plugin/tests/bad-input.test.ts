import justscale from '@justscale/eslint-plugin';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

const linter = new Linter();
const lint = (code: string): Linter.LintMessage[] =>
  linter.verify(code, justscale.configs.syntactic, {
    filename: 'file.js',
  });

describe('bad input', () => {
  it('lets an empty file pass', () => {
    expect(lint('')).toEqual([]);
  });

  it('leaves a syntax error to the parser', () => {
    const messages = lint('const rooms = new Map(; export');
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ fatal: true, ruleId: null });
  });

  it('takes deep nesting', () => {
    const depth = 300;
    const code = `let n = 0; export const f = ${'() => ('.repeat(depth)}n++${')'.repeat(depth)};`;
    expect(lint(code).map(({ ruleId }) => ruleId)).toEqual(['@justscale/no-module-state']);
  });

  it('takes a bundle of a megabyte, in time that grows with its size', { timeout: 120_000 }, () => {
    const part = (index: number) =>
      `function f${index}(a, b) { var c = a.x[b]; c.y = f${index && index - 1}(c, shared); return c; }\n`;
    const bundle = (parts: number) =>
      `var shared = {}; (function () {\n${Array.from({ length: parts }, (_, index) => part(index)).join('')}})();\n`;
    // Of the processor: what else a machine does takes time, and none of this process's.
    const time = (code: string): number => {
      const start = process.cpuUsage();
      lint(code);
      return process.cpuUsage(start).user;
    };
    const large = bundle(14_000);
    expect(large.length).toBeGreaterThan(1_000_000);
    time(bundle(1_000));
    const small = time(bundle(3_500));
    // Four times the code may take at most eight times as long: quadratic would be sixteen.
    expect(time(large)).toBeLessThan(small * 8);
  });
});
