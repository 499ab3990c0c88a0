/** The variables that every process on this database needs. */
export const environmentOf = (databaseUrl: string) => ({
  // Tests deliver what was written on a fixed day.
  WEBHOOK_MAX_AGE_DAYS: '3650',
  // Routing of a first agent at once; the tests of sharing set their own time.
  ROUTING_SETTLE_SECONDS: '0',
  DATABASE_URL: databaseUrl,
  JWT_SECRET: 'a token secret for tests only, 32 characters',
  BLIND_INDEX_KEY: 'a key for tests only, 32 characters long',
  MASTER_KEY: 'a master key for tests only, 32 characters',
  WHATSAPP_APP_SECRET: 'an app secret for tests only, 32 characters',
  WHATSAPP_VERIFY_TOKEN: 'a verify token for tests only, 32 characters',
  EXTERNAL_BOT_SECRET: 'a bot secret for tests only, 32 characters',
});
