import { JustScaleError } from './justscale-error.js';

/** An entity that had to exist does not. */
export class EntityNotFoundError extends JustScaleError {
  readonly code = 'ENTITY_NOT_FOUND';
  readonly model: string;
  readonly ids: readonly string[];

  constructor(model: string, ids: readonly string[]) {
    super(`${model} ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''} does not exist.`);
    this.model = model;
    this.ids = ids;
  }
}

/** The write would make a second entity of what has to be unique. */
export class DuplicateEntityError extends JustScaleError {
  readonly code = 'DUPLICATE_ENTITY';
  readonly model: string;
  /** The violated constraint, such as `account_pkey`. */
  readonly constraint: string;
  readonly table: string | undefined;
  /** What the server adds; it may hold values of the row. */
  readonly detail: string | undefined;

  constructor(
    model: string,
    constraint: string,
    options: ErrorOptions & {
      readonly table?: string | undefined;
      readonly detail?: string | undefined;
    } = {},
  ) {
    super(
      `Another ${model} already has this value (constraint ${constraint}); nothing was written.`,
      options,
    );
    this.model = model;
    this.constraint = constraint;
    this.table = options.table;
    this.detail = options.detail;
  }
}
