import type { Registry } from 'prom-client';
import type { Commands } from '../../commands/commands.ts';
import type { StaffDirectory } from '../../commands/staff/staff-directory.ts';
import type { SecondFactorCommands } from '../../commands/staff/second-factor.ts';
import type { TelegramLinks } from '../../commands/staff/telegram-link.ts';
import type { ChatCommands } from '../../commands/chat/chat.ts';
import type { ShippedFaqs } from '../../commands/chat/faqs.ts';
import type { ChatSite } from '../../domain/chat/sites.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { EraseCustomer } from '../../commands/erasure/erase-customer.ts';
import type {
  Activity,
  BlindIndex,
  Challenges,
  ChatClicks,
  StreamTickets,
  Clock,
  EventStore,
  PubSub,
  Files,
  FileScanner,
  MediaQuota,
  IdempotencyKeys,
  Ids,
  Logger,
  Passwords,
  PushDevices,
  PushSender,
  RateLimiter,
  ReadStore,
  ReportWriters,
  Sessions,
  WebhookInbox,
} from '../../ports.ts';
import type { LiveFeed } from '../../projections/live/live.ts';
import type { ProcessMembership } from '../../engine/cluster/process-membership.ts';
import type { ReadYourWrites } from '../../engine/projections/read-your-writes.ts';
import type { StaffTables } from '../../projections/staff/users.ts';
import type { Replayed, ReplayOf } from '../webhook/replay.ts';
import type { LinesOffice } from '../operations/lines-office.ts';
import type { OperationsLook } from '../operations/operations-look.ts';
import type { AccessAudit } from '../audit/access-audit.ts';
import type { ByteBudget } from './body-budget.ts';
import type { CacheMetrics } from './server/http-metrics.ts';

/** The firm, as it stands on invoices. */
export interface Company {
  readonly name: string;
  readonly address: string | null;
  readonly npwp: string | null;
  readonly bank: string | null;
}

/** What the HTTP layer gets from the composition root. */

export interface HttpConfig {
  /** HMAC key of the access tokens, at least 32 bytes. */
  readonly jwtSecret: Uint8Array;
  /** Addresses or subnets of our own proxies (Express' `trust proxy`); empty: nobody's forwarded header counts. */
  readonly trustProxy: readonly string[];
  /** Origins of pages that may call this API from elsewhere. */
  readonly corsOrigins: readonly string[];
  readonly rateLimitPerMinute: number;
  /** OPS_TOKEN; null: only loopback sees metrics and details. */
  readonly opsToken: string | null;
  readonly loginLimitPerAccount: number;
  readonly loginLimitPerAddress: number;
  readonly refreshLimitPerAddress: number;
  /** TOTP_REQUIRED_ROLES: who is of one of these may do nothing before a second factor is set up. */
  readonly totpRequiredRoles: ReadonlySet<string>;
  /** An open, assigned ticket without activity for so long is idle (docs/design/api.md#ticket-object). */
  readonly idleAfterHours: number;
  /** Who gets a ticket must reply within so many whole minutes (docs/design/api.md#pickup-time). */
  readonly slaMinutes: number;
  /** RESPONSE_TIMEOUT_MINUTES; null: nobody loses a ticket for not answering. */
  readonly responseTimeoutMinutes: number | null;
  /** PUBLIC_URL; null: addresses are given as paths. */
  readonly publicUrl: string | null;
  /** EXPORT_WAIT_SECONDS: how long the link of an export waits for its file. */
  readonly exportWaitMs: number;
  /** BUSINESS_TIMEZONE: IANA name. */
  readonly timezone: string;
  /** SITES: of the web chat. */
  readonly sites: readonly ChatSite[];
  /** COMPANY_NAME and its neighbours: who sends the invoices. */
  readonly company: Company;
  /** WA_PUBLIC_NUMBERS: digits, by division. */
  readonly waPublicNumbers: ReadonlyMap<Division, string>;
}

/** One per thing that must hold before requests should come in; `problem` null when it does. */
export interface ReadinessCheck {
  readonly name: string;
  readonly problem: string | null;
  /** A person should look at it; requests may come in all the same. */
  readonly warning?: string;
}

export interface Deps {
  readonly config: HttpConfig;
  readonly commands: Commands;
  readonly eraseCustomer: EraseCustomer;
  /** Of visitors of the web chat. */
  readonly chat: ChatCommands;
  readonly chatClicks: ChatClicks;
  /** The FAQ that the product brings along. */
  readonly shippedFaqs: ShippedFaqs;
  readonly writeDocument: ReportWriters['document'];
  readonly access: Omit<AccessAudit, 'waiting' | 'close'>;
  readonly read: ReadStore;
  /** For what is read from the events themselves (history), never from the read tables. */
  readonly events: Pick<EventStore, 'read'>;
  /** Seals what comes back to us. */
  readonly blindIndex: BlindIndex;
  /** Who may what, from the event store. */
  readonly directory: StaffDirectory;
  /** For the tables of staff and roles only: readers may see no more of a colleague than the name. */
  readonly staff: StaffTables;
  readonly readYourWrites: Pick<ReadYourWrites, 'wrote' | 'ready'>;
  readonly webhookInbox: Pick<WebhookInbox, 'deadLetters' | 'backlog'>;
  /** Reads kept bodies again. @throws StoreUnavailable */
  readonly replayDeadLetters: (of: ReplayOf) => Promise<Replayed>;
  readonly files: Pick<Files, 'open' | 'sizeOf' | 'write' | 'remove'>;
  /** null: files are not scanned. */
  readonly scanner: FileScanner | null;
  /** How much one person may upload on a day. */
  readonly uploadQuota: MediaQuota;
  /** Tells a channel what was read; nobody waits for it. */
  readonly readReceipts: { tell(ticketId: string, upTo: string | null): void };
  /** Our numbers, pages, bots and sessions. */
  readonly lines: LinesOffice;
  readonly sessions: Sessions;
  readonly activity: Pick<Activity, 'seen' | 'lastSeen'>;
  readonly challenges: Challenges;
  readonly streamTickets: StreamTickets;
  readonly secondFactor: SecondFactorCommands;
  readonly telegramLinks: TelegramLinks;
  readonly passwords: Passwords;
  readonly live: LiveFeed;
  readonly push: Pick<PushSender, 'publicKey' | 'accepts' | 'native'>;
  readonly pushDevices: Pick<PushDevices, 'add' | 'remove'>;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly limiter: RateLimiter;
  /** One for the whole process: the webhook has the same. */
  readonly unauthenticatedBytes: ByteBudget;
  readonly pubSub: PubSub;
  readonly processes: Pick<ProcessMembership, 'tell' | 'missing'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** Where every metric of the process is registered; `/metrics` prints it. */
  readonly registry: Registry;
  /** Called at each look-up in a cache. */
  readonly cached?: CacheMetrics;
  /** Aborted when the server stops: what waits for something answers now. */
  readonly stopping?: AbortSignal | undefined;
  /** E-mail addresses that the documentation offers to sign in with: of the demo only. */
  readonly demoAccounts?: readonly string[] | undefined;
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  readonly operations: () => Promise<OperationsLook>;
}
