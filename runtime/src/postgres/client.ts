import type postgres from 'postgres';

/** A client of the driver, with one connection. */
export type Client = postgres.Sql;
