import type ts from 'typescript';
import type { ImportOrigin } from '../program/import-origin.js';
import type { ProgramContext } from '../program/program-context.js';
import type { Effect, EffectNode, Model } from './effect.js';

/** What a vocabulary may ask of the program. */
export interface Resolver {
  /** The types of the program: `any`, or an error, wherever a dependency is not installed. */
  readonly context: ProgramContext;
  /**
   * Where a value comes from, by imports, annotations and initialisers alone: `this.db.user` is `@prisma/client`,
   * `PrismaClient`, `new`, `.user` when a field `db` is declared as such a client. It needs no types of the package.
   */
  originOf(node: ts.Node): ImportOrigin | null;
}

/** What a type says of an entity. */
export interface EntityFact {
  readonly state: 'persistent' | 'locked' | 'ref';
  readonly model: Model;
  /** It is an array or tuple of such entities. */
  readonly isCollection: boolean;
}

/** What the flow analysis has to know of a library: which of its calls do what. */
export interface Vocabulary {
  /** The library, as models are named by it. */
  readonly name: string;
  /** What its calls are called: the test that comes first, and costs nothing. */
  readonly methods: ReadonlySet<string>;
  /** What code that handles a taken key names: a class of errors, or a code. */
  readonly conflictErrors: ReadonlySet<string>;
  /** Whether a file can have anything to do with the library, told by imports. */
  appliesTo(context: ProgramContext, file: ts.SourceFile): boolean;
  /** What a call does; `null` when it is none of the library's. */
  recognise(resolver: Resolver, node: EffectNode): Effect | null;
  /** The entity that the type of a node stands for, for a library whose types tell. */
  entityAt?(resolver: Resolver, node: ts.Node): EntityFact | null;
}
