import { Oid, type ColumnType } from './column-types.js';
import { valueText } from './value-text.js';

/** A value that travels beside the text of a statement: as text, with the type that the server reads it as. */
export interface Parameter {
  readonly value: string | null;
  readonly type: number;
}

/** A statement to send; all text is our own, and what names come into it are quoted. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  /** Whether it goes by the simple protocol, which prepares nothing and takes several statements in one message. */
  readonly isSimple?: boolean;
  /** Whether its text comes from outside: it goes alone, whatever it holds, is not prepared, and its rows are lists. */
  readonly isForeign?: boolean;
}

/** A statement, or several, of which nothing comes from outside. */
export function simpleStatement(text: string): Statement {
  return { text, parameters: [], isSimple: true };
}

/** The parameters of one statement: each is bound where the text needs it, which gets its number. */
export class Parameters {
  readonly #bound: Parameter[] = [];

  /** A value as a parameter of its column's type, so that nothing is guessed from the value. */
  value({ type }: { readonly type: ColumnType }, value: unknown): string {
    return this.#bind({ value: valueText(value, type), type: type.oid });
  }

  /** Text as a parameter. */
  text(value: string): string {
    return this.#bind({ value, type: Oid.text });
  }

  /** The statement of this text, with all that was bound. */
  statement(text: string): Statement {
    return { text, parameters: this.#bound };
  }

  #bind(parameter: Parameter): string {
    return `$${this.#bound.push(parameter)}`;
  }
}
