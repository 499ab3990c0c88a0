/**
 * What a channel or provider is to the rest of the program (docs/design/channels.md#providers). Each has a folder
 * here, and one row in `registry.ts`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Channel, Division } from '../domain/vocabulary.ts';
import type {
  ChannelHttp,
  ChannelSender,
  Files,
  LineDesk,
  MediaSource,
  NameSource,
  NumberSource,
  ProviderEraser,
  StaffGroup,
} from '../ports.ts';
import type { ChannelConfig } from './config.ts';
import type { Line, Lines } from './lines.ts';
import type { NormalizedItem } from './reading.ts';

/** What a sender or a source of files is made of. */
export interface ProviderDeps {
  readonly config: ChannelConfig;
  readonly http: ChannelHttp;
  /** How long an answer may take, in milliseconds; unset: the usual time. */
  readonly answerMs?: number;
}

/** Where a provider reaches us, for what it fetches or reports by itself. */
export interface PublicPlace {
  /** `PUBLIC_URL` and `WEBHOOK_PATH`. */
  readonly webhook: string;
  /** A signed address of the file of a message, good for minutes. */
  fileUrl(ticketId: string, messageId: string): string;
}

/** Ends early, without an error, when `signal` aborts. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** A sender also gets the files that it sends. */
export interface ChannelSenderDeps extends ProviderDeps {
  readonly files: Pick<Files, 'open'>;
  readonly here: PublicPlace;
  /** Of what writes at the pace of a person. */
  readonly pause: Pause;
}

export interface Provider {
  /** Unique; the name of its folder. */
  readonly name: string;
  readonly channel: Channel;
  /** Our lines at it, as configured. */
  lines(config: ChannelConfig): readonly Line[];
  sender(deps: ChannelSenderDeps): ChannelSender;
  /** Null: what customers send with it is no file elsewhere. */
  media(deps: ProviderDeps): MediaSource | null;
  /** Left out where its messages say who writes. */
  names?(deps: ProviderDeps): NameSource;
  /** Left out where nobody's number is hidden. */
  numbers?(deps: ProviderDeps): NumberSource;
  /** Left out where nothing can be deleted. */
  erasing?(deps: ProviderDeps): ProviderEraser;
  /** A group of staff that it can tell something; null: none is configured. Left out where there are no groups. */
  staffGroup?(deps: ProviderDeps): StaffGroup | null;
  /** How its lines are. */
  desk(deps: ProviderDeps): LineDesk;
}

/** What a body says, in the form that its sender's secret allows. */
export interface ReadContext {
  readonly lines: Lines;
  /** ISO 8601 UTC, for what carries no time of its own. */
  readonly receivedAt: string;
}

/** Turns one body into items. Pure. */
export type Normalizer = (body: unknown, context: ReadContext) => readonly NormalizedItem[];

/** Who sent a body: what a secret allows, as the form that checked it knows it. */
export interface WebhookClaim {
  /** The divisions that its sender speaks for; null: the body says it, by our line. */
  readonly divisions: readonly Division[] | null;
  /** Our line, where the secret and not the body says which; null: the body says it. */
  readonly line: string | null;
  /** Our message that a report is about, where its signed address says it; not kept with the body. */
  readonly messageId?: string | undefined;
}

/**
 * A form of webhook: how it is signed, and how it is read. Several providers can share one (Meta's), and none needs
 * to have one of its own (web chat).
 */
export interface WebhookForm {
  /** Kept with each delivery, so that it can be read again. */
  readonly name: string;
  /** Whether there is anything at all to check a body by. Without it no body is read. */
  maySign(headers: IncomingHttpHeaders): boolean;
  /** Behind WEBHOOK_PATH: empty, or of its own (`/twilio`). A body is read only in a form of its address. */
  readonly path: string;
  /** A second address of it, from the root: what others were promised. */
  readonly alias?: `/${string}`;
  /** Set: whoever delivers is answered 204 without a body, as anything in it would be a message to the customer. */
  readonly answersNothing?: true;
  /**
   * Over the raw bytes, before anything is parsed, in constant time.
   * @param url the public address that it came to, with its query
   * @returns null: not with a secret of this form
   */
  verify(
    headers: IncomingHttpHeaders,
    bytes: Buffer,
    secrets: WebhookSecrets,
    url: string,
  ): WebhookClaim | null;
  /** @throws SyntaxError no text of this form */
  parse(text: string): unknown;
  /** Is this body in this form? Asked of a body whose signature fits the form. */
  owns(body: unknown): boolean;
  /** Pure. */
  read(body: unknown, claim: WebhookClaim, context: ReadContext): readonly NormalizedItem[];
}

/** A secret that is not set (null or empty) verifies nothing. */
export interface WebhookSecrets {
  /** WHATSAPP_APP_SECRET: one for all numbers, pages and accounts of the Meta app. */
  readonly metaApp: string | null;
  /** EXTERNAL_BOT_SECRET: of the bots of every division that has no secret of its own. */
  readonly externalBot: string | null;
  /** EXTERNAL_BOT_SECRETS: of the bot of one division; several of one division while one is changed. */
  readonly bots: readonly { readonly secret: string; readonly division: Division }[];
  /** Self-chosen, for Meta's handshake only. */
  readonly metaVerifyToken: string | null;
  /** TWILIO_AUTH_TOKEN: the newest one, and the one before while it is rotated. */
  readonly twilio: readonly string[];
  /** WAHA_HMAC_KEY. */
  readonly waha: string | null;
  /** Of each Telegram bot; the token says which bot, and so which line and division. */
  readonly telegram: readonly {
    readonly token: string;
    readonly division: Division;
    /** The bot's line. */
    readonly line: string;
  }[];
}
