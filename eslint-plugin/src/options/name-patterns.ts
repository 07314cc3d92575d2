import { OptionError } from './option-error.js';

type NameTest = (name: string) => boolean;

const tests = new WeakMap<readonly string[], NameTest>();

/**
 * Reads an option's names: each exact, or a regular expression between slashes.
 *
 * @param patterns - the very array of the configuration: what it compiles to is remembered with it
 */
export function getNameTest(option: string, patterns: readonly string[]): NameTest {
  let test = tests.get(patterns);
  if (!test) tests.set(patterns, (test = createNameTest(option, patterns)));
  return test;
}

function createNameTest(option: string, patterns: readonly string[]): NameTest {
  const exact = new Set<string>();
  const expressions: RegExp[] = [];
  for (const pattern of patterns) {
    const source = /^\/(.*)\/$/s.exec(pattern)?.[1];
    if (source === undefined) exact.add(pattern);
    else expressions.push(compile(option, source));
  }
  return (name) => exact.has(name) || expressions.some((expression) => expression.test(name));
}

function compile(option: string, source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    throw new OptionError(option, `/${source}/ is no regular expression (${String(error)})`, error);
  }
}
