/** How large the generated domains are. */
export interface DomainSize {
  readonly models: number;
  /** Places that read and write: each locks or finds an entity, changes it and reads what came back. */
  readonly callSites: number;
  readonly signals: number;
}

/** The domain of the benchmark. */
export const benchmarkSize: DomainSize = { models: 100, callSites: 300, signals: 200 };

/** The files of a domain, by their paths. */
export type DomainFiles = ReadonlyMap<string, string>;

/** Writes the same domain in the words of a library. */
export type DomainWriter = (size: DomainSize) => DomainFiles;

/** The numbers from 0 to `count - 1`. */
export function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The call sites of one model, as their numbers. */
export function callSitesOf(model: number, { models, callSites }: DomainSize): readonly number[] {
  return indexes(callSites).filter((site) => site % models === model);
}

/** The signals of one model, as their numbers. */
export function signalsOf(model: number, { models, signals }: DomainSize): readonly number[] {
  return indexes(signals).filter((signal) => signal % models === model);
}
