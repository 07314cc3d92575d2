import pg from 'pg';

/** Opens a connection, asks at `url` whether to end, and else waits for ever. */
export default async function waits(url) {
  const client = new pg.Client(process.env.DATABASE_URL);
  await client.connect();
  const answer = await (await fetch(`${url}/${process.pid}`)).text();
  await client.query('select 1');
  if (answer === 'wait') await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  await client.end();
}
