import pg from 'pg';

export async function withClient<R>(
  url: string,
  use: (client: pg.Client) => Promise<R>,
): Promise<R> {
  const client = new pg.Client(url);
  // A replay that stops cuts the connections.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** The first row of what a query gives. */
export async function firstRow<R extends pg.QueryResultRow>(
  client: pg.Client,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<R> {
  const { rows } = await client.query<R>(sql, [...parameters]);
  return rows[0]!;
}
