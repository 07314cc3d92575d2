import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseOutput, type CompilerRun } from './compiler-output.js';

export type CompilerName = '5.9' | '6.0' | '7.0';

/** One of the compilers that the guarantees are held on, run as its users run it: by its command line. */
export interface Compiler {
  readonly name: CompilerName;
  /** As its package says, such as `5.9.3`. */
  readonly version: string;

  /**
   * Checks a project without emitting anything.
   *
   * @param project - the path of a `tsconfig.json`
   * @throws when the compiler could not run, or complains about something that is no source file
   */
  check(project: string): Promise<CompilerRun>;

  /**
   * Checks a project once more for the time that it takes.
   *
   * @param project - the path of a `tsconfig.json`
   * @returns processor time of all its processes and threads, in milliseconds
   * @throws when the compiler finds an error, or no `bash` measures it
   */
  processorTime(project: string): Promise<number>;
}

const require = createRequire(import.meta.url);

/** TypeScript 5.9, 6.0 and 7.0, oldest first. */
export const compilers: readonly Compiler[] = [
  createCompiler('5.9', 'typescript59'),
  createCompiler('6.0', 'typescript6'),
  createCompiler('7.0', 'typescript7'),
];

function createCompiler(name: CompilerName, packageName: string): Compiler {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { version } = require(manifest) as { version: string };
  if (!version.startsWith(`${name}.`)) {
    throw new Error(`${packageName} is TypeScript ${version}, not ${name}; run npm install`);
  }
  const executable = join(dirname(manifest), 'bin/tsc');
  return {
    name,
    version,
    check: (project) => runCompiler(executable, project),
    processorTime: (project) => timeCompiler(executable, project),
  };
}

/** Node.js tells no processor time of children; a shell does, and of theirs: TypeScript 7 is a process of its own. */
async function timeCompiler(executable: string, project: string): Promise<number> {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null';
  const { stderr } = await promisify(execFile)(
    'bash',
    ['-c', script, 'time', process.execPath, executable, '--project', project, '--noEmit'],
    { cwd: dirname(project), env: { ...process.env, LC_ALL: 'C' } },
  );
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
  return Math.round((user + system) * 1000);
}

async function runCompiler(executable: string, project: string): Promise<CompilerRun> {
  const options = ['--noEmit', '--pretty', 'false', '--extendedDiagnostics'];
  const cwd = dirname(project);
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      process.execPath,
      [executable, '--project', project, ...options],
      { cwd, maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        // 1 and 2 are how a compiler says that it found errors.
        if (error === null || error.code === 1 || error.code === 2) resolve(stdout);
        else reject(new Error(`${executable} failed on ${project}: ${stderr || error.message}`));
      },
    );
  });
  return parseOutput(output, cwd);
}
