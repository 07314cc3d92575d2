export { explore, type ExploreOptions } from './explore.js';
export * from './errors/replay-error.js';
export type { Operation, ProcessOperation } from './operation/operation.js';
export type { Difference } from './oracle/serial-oracle.js';
export type { Anomaly, Explored, ReplayResult, Serial, Undecided } from './report/replay-result.js';
export type { Step } from './report/step.js';
export { toSarif } from './report/sarif.js';
export { toTestFile, type TestFileOptions } from './report/test-file.js';
