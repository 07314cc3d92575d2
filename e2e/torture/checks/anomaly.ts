/**
 * What a history must not show. The names are those of Adya, "Weak Consistency" (MIT, 1999), and of Elle (Kingsbury and
 * Alvaro, VLDB 2020), where they have one.
 */
export type AnomalyName =
  | 'lost update'
  | 'duplicate write'
  | 'aborted write (G1a)'
  | 'intermediate read (G1b)'
  | 'phantom write'
  | 'incompatible order'
  | 'cycle of writes (G0)'
  | 'cyclic information flow (G1c)'
  | 'read skew (G-single)'
  | 'anti-dependency cycle (G2)'
  | 'lock not exclusive'
  | 'total not conserved'
  | 'sequence broken'
  | 'duplicate member'
  | 'wrong result'
  | 'constraint not kept'
  | 'refused for another'
  | 'counter wrong'
  | 'work after a rollback'
  | 'signal before commit'
  | 'signal of a rollback'
  | 'signal out of thin air'
  | 'signal twice'
  | 'signal lost'
  | 'signals out of order';

export interface Anomaly {
  readonly name: AnomalyName;
  readonly detail: string;
}
