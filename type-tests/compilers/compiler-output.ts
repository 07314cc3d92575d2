import { resolve } from 'node:path';

/** What a compiler says about one place in a source file. */
export interface Diagnostic {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `TS2345`. */
  readonly code: string;
  /** All of it; the first line is what an editor shows first. */
  readonly message: string;
}

/** What one run of a compiler found, and what it cost. */
export interface CompilerRun {
  /** In the order in which the compiler reports them. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many types were instantiated: the same on every machine. */
  readonly instantiations: number;
  readonly checkMs: number;
}

const DIAGNOSTIC =
  /^(?<file>.+)\((?<line>\d+),(?<column>\d+)\): error (?<code>TS\d+): (?<message>.*)$/;
const GLOBAL_ERROR = /^error TS\d+: /;
const INSTANTIATIONS = /^Instantiations:\s+(?<count>\d+)$/;
const CHECK_TIME = /^Check time:\s+(?<seconds>[\d.]+)s$/;

/**
 * Reads what `tsc --pretty false --extendedDiagnostics` prints.
 *
 * @param cwd - the folder it ran in: the files it names are relative to it
 * @throws when it complains about something that is no source file, or printed no figures
 */
export function parseOutput(output: string, cwd: string): CompilerRun {
  const diagnostics: (Diagnostic & { message: string })[] = [];
  let instantiations: number | undefined;
  let checkMs: number | undefined;

  for (const line of output.split(/\r?\n/)) {
    const { file, line: at, column, code, message } = DIAGNOSTIC.exec(line)?.groups ?? {};
    if (file !== undefined && code !== undefined && message !== undefined) {
      diagnostics.push({
        file: resolve(cwd, file),
        line: Number(at),
        column: Number(column),
        code,
        message,
      });
    } else if (GLOBAL_ERROR.test(line)) {
      throw new Error(`the compiler could not check the project in ${cwd}: ${line}`);
    } else if (line.startsWith(' ')) {
      const last = diagnostics.at(-1);
      if (last !== undefined) last.message += `\n${line}`;
    } else {
      const count = INSTANTIATIONS.exec(line)?.groups?.['count'];
      if (count !== undefined) instantiations = Number(count);
      const seconds = CHECK_TIME.exec(line)?.groups?.['seconds'];
      if (seconds !== undefined) checkMs = Number(seconds) * 1000;
    }
  }

  if (instantiations === undefined || checkMs === undefined) {
    throw new Error(`the compiler printed no figures in ${cwd}: ${output.slice(-500)}`);
  }
  return { diagnostics, instantiations, checkMs };
}
