import postgres from 'postgres';

/** Reads, then writes what it has computed; with `lock`, under a lock of the row. */
export async function withdraw(amount, lock) {
  const sql = postgres(process.env.DATABASE_URL, { max: 1 });
  try {
    return await sql.begin(async (tx) => {
      const [{ balance }] = await tx`
        select balance from account where id = 1 ${lock ? tx`for update` : tx``}`;
      await tx`update account set balance = ${balance - amount} where id = 1`;
      return { balance: balance - amount };
    });
  } finally {
    await sql.end();
  }
}
