import type { StandardSchemaV1 } from '@standard-schema/spec';

/** The same schema, without what tells its fields: as libraries without Standard JSON Schema have it. */
export function untold<S extends StandardSchemaV1>(schema: S): S {
  const { version, vendor, validate } = schema['~standard'];
  return { '~standard': { version, vendor, validate } } as S;
}
