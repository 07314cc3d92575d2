// Clients whose packages bring no types of their own to install: Prisma generates them, slonik needs a newer Node.
declare module '@prisma/client' {
  export class PrismaClient {
    readonly user: { findMany(): Promise<readonly { readonly id: string }[]> };
    $queryRaw<T>(query: TemplateStringsArray, ...values: unknown[]): Promise<T>;
    $queryRawUnsafe<T>(query: string): Promise<T>;
    $executeRawUnsafe(query: string): Promise<number>;
  }
}
declare module 'slonik' {
  export interface CommonQueryMethods {
    query(sql: unknown): Promise<unknown>;
  }
  export interface DatabasePool extends CommonQueryMethods {
    end(): Promise<void>;
  }
  export function createPool(url: string): Promise<DatabasePool>;
  export const sql: { unsafe(text: TemplateStringsArray): unknown };
}
declare module 'house-database' {
  export class House {
    query(text: string): Promise<unknown>;
  }
}
