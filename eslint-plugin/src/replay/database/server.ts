import postgres, { type Sql } from 'postgres';
import { randomBytes } from 'node:crypto';
import { DatabaseUrlError, NotPostgresError, UnreachableError } from '../errors/replay-error.js';
import { assertPostgres } from './assert-postgres.js';

/** The server on which a replay makes databases of its own, and drops only those. */
export class ReplayServer {
  readonly host: string;
  readonly port: number;
  readonly admin: Sql;
  readonly #url: URL;
  readonly #made = new Set<string>();
  readonly #prefix = `justscale_replay_${process.pid}_${randomBytes(4).toString('hex')}`;
  #count = 0;

  private constructor(url: URL) {
    this.#url = url;
    this.host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    this.port = Number(url.port || 5432);
    this.admin = openSql(url.href);
  }

  /**
   * @throws {DatabaseUrlError} when `database` is no URL of Postgres
   * @throws {UnreachableError} when nothing answers there, or it refuses the user
   * @throws {NotPostgresError} when something else answers
   */
  static async connect(database: string): Promise<ReplayServer> {
    const url = parseUrl(database);
    const address = `${url.hostname}:${url.port || 5432}`;
    await assertPostgres(
      url.hostname.replace(/^\[(.*)\]$/, '$1'),
      Number(url.port || 5432),
      address,
    );
    const server = new ReplayServer(url);
    try {
      await server.admin`select 1`;
    } catch (error) {
      await server.admin.end({ timeout: 0 });
      throw error instanceof NotPostgresError ? error : new UnreachableError(address, error);
    }
    return server;
  }

  /** Makes a database, empty or as another one is. */
  async create(template = 'template1'): Promise<string> {
    const name = `${this.#prefix}_${++this.#count}`;
    this.#made.add(name);
    const { admin } = this;
    await admin`create database ${admin(name)} template ${admin(template)}`;
    // Otherwise a deadlock lasts a second. Only a superuser may say so; for others it lasts that long.
    await admin`alter database ${admin(name)} set deadlock_timeout = '100ms'`.catch(
      () => undefined,
    );
    return name;
  }

  async drop(name: string): Promise<void> {
    if (!this.#made.has(name)) return;
    await this.admin`drop database if exists ${this.admin(name)} with (force)`;
    this.#made.delete(name);
  }

  /** The URL of a database, directly or through a proxy. */
  urlOf(name: string, proxyPort?: number): string {
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    if (proxyPort === undefined) return url.href;
    url.hostname = '127.0.0.1';
    url.port = String(proxyPort);
    url.search = '';
    return url.href;
  }

  async use<R>(name: string, read: (sql: Sql) => Promise<R>): Promise<R> {
    const sql = openSql(this.urlOf(name));
    try {
      return await read(sql);
    } finally {
      await sql.end();
    }
  }

  async close(): Promise<void> {
    try {
      for (const name of [...this.#made]) await this.drop(name);
    } finally {
      await this.admin.end();
    }
  }
}

function openSql(url: string): Sql {
  return postgres(url, { max: 1, fetch_types: false, onnotice: () => undefined });
}

function parseUrl(database: string): URL {
  let url: URL;
  try {
    url = new URL(database);
  } catch {
    throw new DatabaseUrlError('is no URL');
  }
  if (!/^postgres(?:ql)?:$/.test(url.protocol)) throw new DatabaseUrlError('is no URL of Postgres');
  if (url.hostname === '') throw new DatabaseUrlError('names no host');
  return url;
}
