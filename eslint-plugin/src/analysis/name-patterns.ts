import { OptionError } from '../option-error.js';

/** Reads an option's names: each exact, or a regular expression between slashes. */
export function createNameTest(
  option: string,
  patterns: readonly string[],
): (name: string) => boolean {
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
