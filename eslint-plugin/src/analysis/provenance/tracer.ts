import type ts from 'typescript';
import type { ProgramContext } from '../../program/program-context.js';
import type { Frame } from './frame.js';
import type { Unknown } from './origin.js';

/** What is traced: locks where a lock is demanded, drafts where `save` takes one, the repositories that lock and write. */
export type Subject = 'lock' | 'draft' | 'repository';

/**
 * Follows an expression back to where its value comes from. Whatever stands under a declared type (a parameter, a variable
 * or property with an annotation, an assertion) is checked there, so the trail may end there.
 */
export interface Tracer {
  readonly context: ProgramContext;
  readonly subject: Subject;
  /** Whether a value of a type is, holds or returns what is traced; in a generic also what its type parameters stand for. */
  holds(type: ts.Type, frame: Frame | null): boolean;
  /** Whether a type is what is traced itself. */
  is(type: ts.Type): boolean;
  /** Where the trail of a value ends without a source; `null` when all of it is known. */
  trace(node: ts.Expression, frame: Frame | null): Unknown | null;
  /** The same for one property of an object. */
  traceProperty(object: ts.Expression, name: string, frame: Frame | null): Unknown | null;
  /** The same for what calling a value returns. */
  traceResult(callee: ts.Expression, frame: Frame | null): Unknown | null;
}
