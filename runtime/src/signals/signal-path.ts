import { shown } from '../errors/shown.js';
import { SignalPathError } from '../errors/signal-errors.js';
import { textProblem } from '../model/entity-id.js';

/** A parsed pattern such as `/room/:room/typing/:who`. */
export interface SignalPath {
  readonly pattern: string;
  readonly segments: readonly PathSegment[];
  readonly parameters: readonly string[];
}

export interface PathSegment {
  /** The literal text, or the parameter's name. */
  readonly text: string;
  readonly isParameter: boolean;
}

const LITERAL = /^[\w.~-]+$/;
const PARAMETER = /^:[A-Za-z_]\w*$/;

/**
 * Parses a signal's pattern: segments behind `/`, each literal (letters, digits, `_`, `-`, `.`, `~`) or `:parameter`.
 *
 * @throws {@link SignalPathError} when it is malformed or names a parameter twice
 */
export function parseSignalPath(pattern: unknown): SignalPath {
  if (typeof pattern !== 'string' || !pattern.startsWith('/')) {
    throw new SignalPathError(
      typeof pattern === 'string' ? pattern : shown(pattern),
      'a path begins with /',
    );
  }
  const segments = pattern
    .slice(1)
    .split('/')
    .map((text): PathSegment => {
      if (PARAMETER.test(text)) return { text: text.slice(1), isParameter: true };
      if (LITERAL.test(text)) return { text, isParameter: false };
      throw new SignalPathError(
        pattern,
        `the segment ${shown(text)} is neither literal (letters, digits, _ - . ~) nor a :parameter`,
      );
    });
  const parameters = segments
    .filter((segment) => segment.isParameter)
    .map((segment) => segment.text);
  const twice = parameters.find((name, index) => parameters.indexOf(name) !== index);
  if (twice !== undefined)
    throw new SignalPathError(pattern, `the parameter :${twice} appears twice`);
  return { pattern, segments, parameters };
}

/** Whether some topic would match both patterns. */
export function overlaps(a: SignalPath, b: SignalPath): boolean {
  return (
    a.segments.length === b.segments.length &&
    a.segments.every((segment, index) => {
      const other = b.segments[index];
      return (
        other === undefined ||
        segment.isParameter ||
        other.isParameter ||
        segment.text === other.text
      );
    })
  );
}

/**
 * The topic of one emission: the pattern with its parameters filled in, each percent-encoded.
 *
 * @throws {@link SignalPathError} when a value is empty or cannot be encoded
 */
export function buildTopic(path: SignalPath, values: Readonly<Record<string, string>>): string {
  return path.segments
    .map(({ text, isParameter }) =>
      isParameter ? `/${encodeParameter(path, text, values[text])}` : `/${text}`,
    )
    .join('');
}

/**
 * The segments of a topic, decoded.
 *
 * @throws URIError when the percent-encoding is broken
 */
export function splitTopic(topic: string): string[] {
  return topic.slice(1).split('/').map(decodeURIComponent);
}

/** Why no signal can have this parameter, as the end of a sentence; `undefined` when one can. */
export function parameterProblem(value: string): string | undefined {
  return value === '' ? 'must not be empty' : textProblem(value);
}

function encodeParameter(path: SignalPath, name: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw new SignalPathError(
      path.pattern,
      `the parameter :${name} is ${value === undefined ? 'missing' : `a ${typeof value}`}, a string is needed`,
    );
  }
  const problem = parameterProblem(value);
  if (problem !== undefined)
    throw new SignalPathError(path.pattern, `the parameter :${name} ${problem}`);
  return encodeURIComponent(value);
}
