/** The stored values of an entity's fields, by field name, without the id. */
export type FieldValues = Readonly<Record<string, unknown>>;
