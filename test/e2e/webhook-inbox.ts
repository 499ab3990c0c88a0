import pg from 'pg';

/** Whether every webhook item that was answered with 200 is an event or a dead letter. False while Postgres is away. */
export async function webhookInboxIsEmpty(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ n: string }>(
      "select count(*) as n from ops.webhook_inbox where state = 'pending'",
    );
    return rows[0]?.n === '0';
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
