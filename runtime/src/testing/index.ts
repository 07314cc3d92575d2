export { describeConformance, type ConformanceOptions } from './describe-conformance.js';
export {
  CONFORMANCE_SCHEMA,
  conformanceSchema,
  type ConformanceColumn,
  type ConformanceDialect,
  type ConformanceTypes,
} from './conformance-schema.js';
export { openTransaction, type OpenTransaction } from './open-transaction.js';
