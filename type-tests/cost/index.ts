export { budgetProblems, readBudget, type Budget } from './budget.js';
export { benchmarkSize, type DomainSize } from './domain-size.js';
export { writeJustscale } from './domains/justscale.js';
export { measureProject, type Cost } from './measure.js';
export { writeProject } from './write-project.js';
