import { createRequire } from 'node:module';
import type { Attribute, AttributeArgument, Field, Model, Value } from '@mrleebo/prisma-ast';
import type {
  DatabaseSchema,
  FieldSchema,
  Relation,
  TableSchema,
  UniqueKey,
} from './table-schema.js';

const require = createRequire(import.meta.url);

/**
 * Reads a `schema.prisma`.
 *
 * @param text - its content
 * @param file - for what is said of it
 */
export function readPrismaSchema(text: string, file: string): DatabaseSchema {
  // Its parser takes a while to load: only a project that has such a file waits for it.
  const { getSchema } = require('@mrleebo/prisma-ast') as typeof import('@mrleebo/prisma-ast');
  let blocks: ReturnType<typeof getSchema>['list'];
  try {
    blocks = getSchema(text).list;
  } catch (error) {
    const [reason = ''] = String(error).split('\n');
    return { tables: [], problems: [{ file, message: `is no Prisma schema: ${reason}` }] };
  }
  const models = blocks.filter((block): block is Model => block.type === 'model');
  const names = new Set(models.map(({ name }) => name));
  return { tables: models.map((model) => readModel(model, names)), problems: [] };
}

function readModel(model: Model, models: ReadonlySet<string>): TableSchema {
  const fields = new Map<string, FieldSchema>();
  const keys: UniqueKey[] = [];
  let table = model.name;
  for (const property of model.properties) {
    if (property.type === 'field') {
      const field = readField(property, models);
      fields.set(field.name, field);
      for (const { name } of property.attributes ?? []) {
        if (name === 'id' || name === 'unique') {
          keys.push({ fields: [field.name], isPrimary: name === 'id', condition: null });
        }
      }
    } else if (property.type === 'attribute') {
      const { name } = property;
      if (name === 'map') table = textOf(argument(property, 'name')) ?? table;
      if (name === 'id' || name === 'unique') {
        const of = namesOf(argument(property, 'fields'));
        if (of.length > 0) keys.push({ fields: of, isPrimary: name === 'id', condition: null });
      }
    }
  }
  return { name: model.name, table, fields, keys };
}

function readField(field: Field, models: ReadonlySet<string>): FieldSchema {
  const type = typeof field.fieldType === 'string' ? field.fieldType : field.fieldType.name;
  const attribute = (name: string): Attribute | undefined =>
    field.attributes?.find((each) => each.name === name && each.group === undefined);
  const map = attribute('map');
  return {
    name: field.name,
    column: (map && textOf(argument(map, 'name'))) ?? field.name,
    type,
    isList: field.array === true,
    isNullable: field.optional === true,
    hasDefault: attribute('default') !== undefined || attribute('updatedAt') !== undefined,
    ...(models.has(type) && { relation: readRelation(type, attribute('relation')) }),
  };
}

function readRelation(model: string, relation: Attribute | undefined): Relation {
  return {
    model,
    fields: relation ? namesOf(argument(relation, 'fields')) : [],
    references: relation ? namesOf(argument(relation, 'references')) : [],
  };
}

/** The argument of this name, or the first one that has none. */
function argument(attribute: { args?: AttributeArgument[] }, name: string): Value | undefined {
  const values = (attribute.args ?? []).map(({ value }) => value as Value);
  for (const value of values) {
    if (isKeyValue(value) && value.key === name) return value.value;
  }
  const [first] = values;
  return first !== undefined && !isKeyValue(first) ? first : undefined;
}

function namesOf(value: Value | undefined): readonly string[] {
  if (!isObject(value) || value.type !== 'array') return [];
  const { args } = value as { args?: unknown };
  // A field may say how it is ordered: `createdAt(sort: Desc)`.
  return (Array.isArray(args) ? (args as unknown[]) : []).flatMap((each) =>
    typeof each === 'string' ? [each] : isObject(each) ? [String(each['name'])] : [],
  );
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value.replace(/^"|"$/g, '') : undefined;
}

function isKeyValue(value: unknown): value is { type: 'keyValue'; key: string; value: Value } {
  return isObject(value) && value['type'] === 'keyValue';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
