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

/** What percent-encoding leaves as it is, as most ids are: neither to encode nor to decode. */
const PLAIN = /^[\w.~!*'()-]+$/;
const PLAIN_TOPIC = /^(?:\/[\w.~!*'()-]+)+$/;

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
  let topic = '';
  for (const { text, isParameter } of path.segments)
    topic += `/${isParameter ? encodeParameter(path, text, values[text]) : text}`;
  return topic;
}

/** A topic, taken apart. */
interface ParsedTopic {
  /** Decoded. */
  readonly segments: readonly string[];
  /** Whether nothing in it is encoded: then it has no other spelling. */
  readonly isPlain: boolean;
}

/**
 * Takes a topic apart.
 *
 * @throws URIError when the percent-encoding is broken
 */
export function parseTopic(topic: string): ParsedTopic {
  const segments = topic.slice(1).split('/');
  const isPlain = PLAIN_TOPIC.test(topic);
  return { segments: isPlain ? segments : segments.map(decodeURIComponent), isPlain };
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
  if (PLAIN.test(value)) return value;
  const problem = parameterProblem(value);
  if (problem !== undefined)
    throw new SignalPathError(path.pattern, `the parameter :${name} ${problem}`);
  return encodeURIComponent(value);
}
