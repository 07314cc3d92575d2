export { compilers, type Compiler, type CompilerName } from './compiler.js';
export type { CompilerRun, Diagnostic } from './compiler-output.js';
