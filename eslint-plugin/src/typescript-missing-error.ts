import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Stops the run where a file needs the compiler API of TypeScript, and the TypeScript that is installed has none. */
export class TypeScriptMissingError extends Error {
  override readonly name = 'TypeScriptMissingError';
  readonly code = 'TYPESCRIPT_MISSING';

  /** The installed version of TypeScript, if there is one. */
  readonly installed: string | undefined;

  constructor(installed: string | undefined) {
    super(
      installed === undefined
        ? 'TypeScript files and types are read with TypeScript 6, which is not installed: run `npm install --save-dev typescript@6`.'
        : `TypeScript files and types are read with TypeScript 6, and the package \`typescript\` here is ${installed}, which has no API for it: ` +
            `run \`npm install --save-dev typescript@6 typescript7@npm:typescript@${installed}\` and compile with typescript7.`,
    );
    this.installed = installed;
    // ESLint prints the stack of what stops it; here the mend is all that helps.
    this.stack = `${this.name}: ${this.message}`;
  }

  /** The error to stop with, or `undefined` where the TypeScript that typescript-eslint finds is one it can use. */
  static find(): TypeScriptMissingError | undefined {
    const installed = findVersion();
    return installed !== undefined && Number.parseInt(installed, 10) < 7
      ? undefined
      : new TypeScriptMissingError(installed);
  }

  /** The error that the parser left for the rules of a file. */
  static of(services: unknown): TypeScriptMissingError | undefined {
    const { typescriptMissing } = (services ?? {}) as { typescriptMissing?: unknown };
    return typescriptMissing instanceof TypeScriptMissingError ? typescriptMissing : undefined;
  }
}

function findVersion(): string | undefined {
  try {
    const parserRequire = createRequire(require.resolve('@typescript-eslint/parser'));
    return (parserRequire('typescript/package.json') as { version: string }).version;
  } catch {
    return undefined;
  }
}
