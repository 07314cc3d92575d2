import type ts from 'typescript';
import type { FunctionWithBody } from '../program/callee.js';
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

/** A field that stands for rows of another model, which the library reads along. */
export interface RelatedRows {
  readonly model: Model;
  readonly isList: boolean;
  /** The field that names a row of the other model in the program. */
  readonly idField: string;
  /** The field of the row itself that holds the other's name, if one does. */
  readonly heldBy: string | null;
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
  /** The rows that a field of a model stands for; `null` when it is data of its own. */
  relationOf?(context: ProgramContext, model: string, field: string): RelatedRows | null;
  /** The methods of a model's class. */
  methodsOf?(context: ProgramContext, model: string, name: string): readonly FunctionWithBody[];
  /** Whether a field says how many rows of each relation there are. */
  isCounts?(field: string): boolean;
  /** The entity that the type of a node stands for, for a library whose types tell. */
  entityAt?(resolver: Resolver, node: ts.Node): EntityFact | null;
}
