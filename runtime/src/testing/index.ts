export { describeConformance, type ConformanceOptions } from './describe-conformance.js';
export { CONFORMANCE_SCHEMA } from './conformance-models.js';
export { openTransaction, type OpenTransaction } from './open-transaction.js';
