import type { SourceCode } from '@typescript-eslint/utils/ts-eslint';
import { Initialisation } from './initialisation.js';
import { StateWrites } from './state-writes.js';
import { ThisUses } from './this-uses.js';

/** What is asked about the code of one module. */
export class ModuleAnalysis {
  readonly sourceCode: Readonly<SourceCode>;
  readonly file: string;
  /** Whether it is another module than the one that is linted. */
  readonly isOther: boolean;
  readonly thisUses: ThisUses;
  readonly initialisation: Initialisation;
  readonly writes: StateWrites;

  constructor(
    sourceCode: Readonly<SourceCode>,
    file: string,
    isOther: boolean,
    thisUses: ThisUses = new ThisUses(),
  ) {
    this.sourceCode = sourceCode;
    this.file = file;
    this.isOther = isOther;
    this.thisUses = thisUses;
    this.initialisation = new Initialisation(sourceCode);
    this.writes = new StateWrites(sourceCode, this.initialisation);
  }
}
