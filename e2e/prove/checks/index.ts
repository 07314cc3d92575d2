import type { Check } from '../check.js';
import { cleanCode } from './clean-code.js';
import { conformance } from './conformance.js';
import { faults } from './faults.js';
import { forgeries } from './forgeries.js';
import { raceBugs } from './race-bugs.js';
import { twoProcesses } from './two-processes.js';
import { typeTests } from './type-tests.js';

/** The proof, line by line. */
export const CHECKS: readonly Check[] = [
  typeTests,
  forgeries,
  cleanCode,
  raceBugs,
  conformance,
  faults,
  twoProcesses,
];
