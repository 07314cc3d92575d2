export type Locked<T> = T & { readonly id: string };
export interface Repository<T> {
  lock(ref: unknown): Promise<Locked<T> | null>;
  update(entity: Locked<T>, patch: Partial<T>): Promise<unknown>;
}
