import { JustScaleError } from './justscale-error.js';
import { shown } from './shown.js';

/** A model that cannot be defined, or an entity that cannot be made from what was given. */
export class InvalidModelError extends JustScaleError {
  readonly code = 'INVALID_MODEL';
  readonly model: string;

  constructor(model: string, reason: string) {
    super(`Model ${shown(model)}: ${reason}.`);
    this.model = model;
  }
}

/** A value that names no entity of the model it was given to. */
export class InvalidRefError extends JustScaleError {
  readonly code = 'INVALID_REF';
  readonly model: string;

  constructor(model: string, reason: string) {
    super(`Not a reference to ${model}: ${reason}.`);
    this.model = model;
  }
}

/** One thing that a schema found wrong. */
export interface ValidationIssue {
  /** The field's path, such as `address.street`; empty for the entity as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What would be stored does not pass the model's schema; nothing was written. */
export class ValidationError extends JustScaleError {
  readonly code = 'VALIDATION';
  readonly model: string;
  readonly id: string | undefined;
  readonly issues: readonly ValidationIssue[];

  constructor(
    model: string,
    id: string | undefined,
    issues: readonly ValidationIssue[],
    options?: ErrorOptions,
  ) {
    const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    super(
      `${model}${id === undefined ? '' : ` ${id}`} is not valid, nothing was written: ${list.join('; ')}`,
      options,
    );
    this.model = model;
    this.id = id;
    this.issues = issues;
  }

  /** The paths of the fields at fault. */
  get paths(): readonly string[] {
    return this.issues.map(({ path }) => path);
  }
}

/** Something of a model that does not fit its table. */
export interface TableProblem {
  readonly model: string;
  readonly table: string;
  readonly field?: string | undefined;
  readonly column?: string | undefined;
  /** What it is, and how to mend it. */
  readonly message: string;
}

/** Models that do not fit their tables, as `verify` found them. */
export class ModelMismatchError extends JustScaleError {
  readonly code = 'MODEL_MISMATCH';
  readonly problems: readonly TableProblem[];

  constructor(problems: readonly TableProblem[]) {
    const lines = problems.map(({ message }) => `\n- ${message}`);
    super(`${problems.length} things of the models do not fit the tables:${lines.join('')}`);
    this.problems = problems;
  }
}
