import type { Table } from '../adapter/adapter.js';
import { shown } from '../errors/shown.js';
import { InvalidOptionError } from '../errors/store-errors.js';
import { textProblem } from '../model/entity-id.js';
import type { ModelDescription } from '../model/model-description.js';
import type { RepositoryOptions } from '../store/store.js';
import { isField } from './conditions.js';

/** Where a model's entities are. @throws {@link InvalidOptionError} for a name that cannot be one */
export function tableOf(model: ModelDescription, options: RepositoryOptions): Table {
  const { table = model.name, id = 'id', columns = {} } = options;
  if (typeof columns !== 'object' || columns === null)
    throw new InvalidOptionError(
      'columns',
      "must be an object such as { createdAt: 'created_on' }",
    );
  for (const [field, column] of Object.entries(columns)) {
    checkName(`columns.${field}`, column);
    if (!isField(model, field))
      throw new InvalidOptionError(`columns.${field}`, `${model.name} has no field of this name`);
  }
  return Object.freeze({
    name: checkName('table', table),
    model,
    idColumn: checkName('id', id),
    columns: Object.freeze({ ...columns }),
  });
}

/** A name that a caller gave. @throws {@link InvalidOptionError} */
export function checkName(option: string, name: unknown): string {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOptionError(option, `must be a non-empty string, not ${shown(name)}`);
  }
  const problem = textProblem(name);
  if (problem !== undefined) throw new InvalidOptionError(option, problem);
  return name;
}
