import type { z } from 'zod';
import { CHANNEL_VARIABLES } from '../channels/config.ts';
import {
  anyText,
  GENERATED,
  hidden,
  optional,
  secret,
  serviceUrl,
  withDefault,
} from '../channels/settings.ts';
import { CHAT_VARIABLES } from './chat.ts';
import { FIELD_VARIABLES } from './field-service.ts';
import { INVOICE_VARIABLES } from './invoices.ts';
import { ROLES } from '../domain/vocabulary.ts';
import {
  address,
  contact,
  cron,
  flag,
  hosts,
  integer,
  oneOf,
  path,
  positive,
  origins,
  proxies,
  publicKeys,
  scanner,
  serviceAccount,
  someOf,
  timezone,
  vapidKey,
} from './values.ts';

/** Every environment variable that the program reads. `.env.example` and the documents follow this list. */
export const VARIABLES = {
  PORT: withDefault(integer(0, 65_535), '3000', 'Port of the HTTP API; 0 takes any free one.'),
  HOST: withDefault(
    anyText,
    '127.0.0.1',
    'Address the API listens on. Keep loopback behind a proxy on the same machine.',
  ),
  RUN: withDefault(
    someOf('api', 'projections', 'jobs'),
    'api,projections,jobs',
    'What this process does. More API processes: RUN=api.',
  ),
  METRICS_PORT: optional(
    integer(1, 65_535),
    'Port of /metrics and /healthz of a process without api in RUN, on HOST. Unset: such a process serves none.',
  ),
  OPS_TOKEN: hidden(
    secret(16),
    'Lets Prometheus and others from elsewhere see /metrics and the details of /readyz: Authorization: Bearer. Unset: only loopback does.',
  ),
  LOG_LEVEL: withDefault(
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'Least severe log line to print.',
  ),
  DATA_DIR: withDefault(
    anyText,
    '.data',
    'Folder of the embedded Postgres, of generated secrets and of files.',
  ),
  FILES_DIR: optional(anyText, 'Folder of media and exports. Default: DATA_DIR/files.'),
  EXPORT_TTL_MINUTES: withDefault(
    integer(1, 10_080),
    '60',
    'For so many minutes the link of an export works; then its file is deleted.',
  ),
  EXPORT_WAIT_SECONDS: withDefault(
    integer(0, 25),
    '25',
    'For so many seconds the link of an export waits for a file that is still being made.',
  ),
  PUBLIC_URL: optional(
    serviceUrl,
    'Where users reach this API, https://...: links to exports begin with it. Unset: they are paths of this API.',
  ),
  MEDIA_MAX_MB: withDefault(
    integer(1, 1_000),
    '100',
    'Largest file of a customer that is kept, in megabytes.',
  ),
  MEDIA_DAILY_FILES: withDefault(
    integer(1, 1_000_000),
    '200',
    'So many files of one customer are fetched on a business day; more wait for the next one, and the agent reads it.',
  ),
  MEDIA_DAILY_MB: withDefault(
    integer(1, 1_000_000),
    '1000',
    'So many megabytes of one customer are fetched on a business day; the file that goes over it is the last.',
  ),
  CLAMD_ADDRESS: optional(
    scanner,
    'ClamAV (clamd) that looks at every file of a customer before anybody gets it: 127.0.0.1:3310 or /run/clamav/clamd.ctl. Its StreamMaxLength must be MEDIA_MAX_MB or more. Unset: files are not scanned.',
  ),
  BUSINESS_TIMEZONE: withDefault(
    timezone,
    'Asia/Jakarta',
    'Time zone of business days, months and office hours.',
  ),
  RESPONSE_TIMEOUT_MINUTES: optional(
    positive,
    'An assigned ticket without a first reply in so many minutes goes to another agent. Unset: it stays.',
  ),
  ROUTING_SETTLE_SECONDS: withDefault(
    integer(0, 3_600),
    '10',
    'So many seconds after the first agent of a division came online its queue is shared among all who are online by then.',
  ),
  DEFAULT_MAX_ACTIVE_TICKETS: optional(
    integer(1, 1_000),
    'Most open tickets that routing gives an agent without a number of their own. Unset: no limit.',
  ),
  PRESENCE_TIMEOUT_MINUTES: withDefault(
    positive,
    '5',
    'Who is online and sent no request and had no open stream for so many minutes is taken offline.',
  ),
  IDLE_AFTER_HOURS: withDefault(
    positive,
    '4',
    'An assigned ticket without activity for so many hours is idle.',
  ),
  SLA_PICKUP_MINUTES: withDefault(
    integer(1, 1_440),
    '5',
    'An assigned ticket should get a reply within so many minutes; analytics count how often it does.',
  ),
  FOLLOWUP_CRON: withDefault(
    cron,
    '0 1 * * *',
    'When the follow-up recommendations are made, in BUSINESS_TIMEZONE.',
  ),

  DATABASE_URL: hidden(
    address('postgres', 'postgresql'),
    'Postgres 15 or newer for the read tables. Unset: the embedded Postgres in DATA_DIR is started.',
  ),
  MIGRATE_DATABASE_URL: hidden(
    address('postgres', 'postgresql'),
    'The same database for npm run migrate and npm run restore, as a role that may give the events to their owner (deploy/postgres/events-owner.sql). Keep it out of the environment of the program.',
  ),
  ALLOW_SUPERUSER: withDefault(
    flag,
    'false',
    'true lets DATABASE_URL sign in as a superuser, who is above every rule of the database. For trying things out only.',
  ),
  ALLOW_PLAIN_CONNECTIONS: withDefault(
    flag,
    'false',
    'true lets DATABASE_URL and REDIS_URL go to another machine without TLS. Only in a network that nobody else is in.',
  ),
  DATABASE_POOL_SIZE: withDefault(integer(1, 100), '6', 'Connections per kind of reader, and for writing.'),
  EMBEDDED_POSTGRES_PORT: optional(
    integer(1, 65_535),
    'Port of the embedded Postgres. Default: the one of last time, else a free one.',
  ),
  EVENTSTORE_URL: hidden(
    address('esdb', 'esdb+discover'),
    'EventStoreDB for the events, esdb://user:password@host:2113?tls=true. Unset: they are kept in Postgres.',
  ),
  EVENTSTORE_ALLOW_INSECURE: withDefault(
    flag,
    'false',
    'true allows tls=false to another machine. Without TLS EventStoreDB checks nobody.',
  ),
  REDIS_URL: hidden(
    address('redis', 'rediss'),
    'Shares rate limits and live updates between processes. Unset: limits per process, updates over Postgres.',
  ),

  JWT_SECRET: hidden(secret(32), `Signs access tokens. ${GENERATED}`),
  BLIND_INDEX_KEY: hidden(
    secret(32),
    `Finds customers and accounts by a keyed hash; with another key nobody is found again. ${GENERATED}`,
  ),
  MASTER_KEY: hidden(
    secret(32),
    `Wraps the keys that customers' data are encrypted with; without it nobody can read them. While it is changed: new,old. ${GENERATED}`,
  ),

  BACKUP_KEY: hidden(
    secret(32),
    'Signs and encrypts backups; without it none can be restored. Without DATABASE_URL one is made and kept in DATA_DIR/secrets.json; with it, required by npm run backup and restore.',
  ),

  SEAL_KEY: hidden(
    secret(32),
    'Signs the hourly seals of the history. Keep it away from the database. Without DATABASE_URL one is made and kept in DATA_DIR/secrets.json; with it, unset: nothing is sealed.',
  ),
  SEAL_PUBLIC_KEYS: optional(
    publicKeys,
    'Public keys of former SEAL_KEYs, so that their seals still count; or, for an auditor without SEAL_KEY, all of them.',
  ),
  SEAL_PUSH_URL: hidden(
    serviceUrl,
    'Each seal is sent there, too (POST, https://user:password@host/path). Unset: seals are only in FILES_DIR/seals.',
  ),

  WEBHOOK_PATH: withDefault(path, '/api/webhook/external-bot', 'Where the channels deliver.'),
  WEBHOOK_MAX_AGE_DAYS: withDefault(
    integer(1, 3_650),
    '7',
    'A delivery whose own time is older is kept as a dead letter and opens nothing. Meta repeats for 7 days.',
  ),
  ...CHANNEL_VARIABLES,
  ...CHAT_VARIABLES,

  ...FIELD_VARIABLES,
  ...INVOICE_VARIABLES,

  BLAST_DELAY_MS: withDefault(
    integer(0, 600_000),
    '1500',
    'Milliseconds between two messages of blasts from one number. Replies of agents do not wait.',
  ),
  WA_DAILY_LIMIT: withDefault(
    integer(1, 100_000_000),
    '250',
    "Meta's messaging limit of your portfolio: customers a day outside the 24 h window, of all divisions together.",
  ),

  LOGIN_LIMIT_PER_ACCOUNT: withDefault(
    integer(1, 100_000),
    '10',
    'Failed logins per account and address in 15 minutes; who goes on is locked for 2, then for 24 hours.',
  ),
  LOGIN_LIMIT_PER_ADDRESS: withDefault(integer(1, 100_000), '100', 'Failed logins per address and minute.'),
  REFRESH_LIMIT_PER_ADDRESS: withDefault(
    integer(1, 100_000),
    '100',
    'Refresh tokens that are not good, per address and minute.',
  ),
  REFRESH_GRACE_SECONDS: withDefault(
    integer(0, 60),
    '10',
    'For so long a refresh token that was just used answers the same successor again (two tabs, a lost answer).',
  ),
  TEMPORARY_PASSWORD_DAYS: withDefault(
    integer(1, 30),
    '7',
    'A password that somebody else chose must be changed at the first sign-in, and is good for so many days.',
  ),
  SESSION_IDLE_HOURS: withDefault(
    integer(12, 720),
    '72',
    'A session that got no new tokens for so long is over. More than the 8 hours of an access token.',
  ),
  TOTP_REQUIRED_ROLES: optional(
    someOf(...ROLES),
    'Roles that must sign in with a code of an authenticator app too. Who has none may only set it up. Unset: as each likes.',
  ),
  RATE_LIMIT_PER_MINUTE: withDefault(
    integer(1, 1_000_000),
    '1200',
    'Requests per user and minute on every other route.',
  ),
  TRUST_PROXY: withDefault(
    proxies,
    '',
    'Addresses or subnets of your own reverse proxies, whose X-Forwarded-For counts. Empty: the header is ignored.',
  ),
  CORS_ORIGINS: withDefault(
    origins,
    '',
    'Origins of pages that may call this API from elsewhere, such as https://dashboard.example. Empty: only pages of this origin.',
  ),
  VAPID_PUBLIC_KEY: optional(
    vapidKey(65),
    'Web Push: the key browsers subscribe with (npx web-push generate-vapid-keys). Unset: no Web Push.',
  ),
  VAPID_PRIVATE_KEY: hidden(vapidKey(32), 'Web Push: the other half of VAPID_PUBLIC_KEY.'),
  VAPID_SUBJECT: optional(
    contact,
    'Web Push: contact for the push service, mailto: or https:. Required with VAPID_PUBLIC_KEY.',
  ),
  PUSH_HOSTS: withDefault(
    hosts,
    'fcm.googleapis.com,updates.push.services.mozilla.com,.push.apple.com,.notify.windows.com',
    'Web Push: the push services that are written to; with a dot in front, everything under it.',
  ),
  FCM_SERVICE_ACCOUNT: hidden(
    serviceAccount,
    'Push to native apps: the service account of the Firebase project, as JSON or as the path to a file with it. Unset: no push to native apps.',
  ),
  FCM_API_URL: withDefault(
    serviceUrl,
    'https://fcm.googleapis.com',
    'Push to native apps: where FCM HTTP v1 is; for a simulator.',
  ),
  DEMO_PASSWORD: hidden(
    anyText,
    'Password of the demo accounts (npm run demo). Unset: a random one, printed.',
  ),
  DEMO_HISTORY: withDefault(
    integer(0, 5_000),
    '790',
    'How many customers the past holds that the first start of npm run demo writes: a year of work of three divisions. 0: only the talks of today.',
  ),
} as const;

export type VariableName = keyof typeof VARIABLES;

type ValueOf<V> = V extends { readonly read: z.ZodType<infer T, string> } ? T : never;

/** Values by variable name; a variable without a default may be undefined. */
export type ConfigValues = {
  readonly [Name in VariableName]: (typeof VARIABLES)[Name] extends { readonly default: string }
    ? ValueOf<(typeof VARIABLES)[Name]>
    : ValueOf<(typeof VARIABLES)[Name]> | undefined;
};
