/** Requests to the channels: each is made once, never repeated, and follows no redirect. The functions never reject. */
import type { SendOutcome } from './channel.ts';
import type { Fetched } from './media-source.ts';

export interface ChannelAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly ok: boolean;
  /** Parsed JSON; undefined when the body is not JSON. */
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

export interface ChannelPost {
  readonly headers?: Readonly<Record<string, string>>;
  /** How long an answer may take, in milliseconds. Unset: 15 seconds; after that time the outcome is unknown. */
  readonly answerMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** A form with one file, as channels take uploads. */
export interface ChannelForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: {
    readonly field: string;
    readonly name: string;
    readonly mimeType: string;
    /** Bytes of `content`. */
    readonly size: number;
    readonly content: AsyncIterable<Uint8Array>;
  };
}

export interface ChannelHttp {
  /** `multipart/form-data`, sent as it is read. */
  postForm(
    url: string,
    form: ChannelForm,
    options: ChannelPost,
  ): Promise<ChannelAnswer | Extract<SendOutcome, { kind: 'not_sent' | 'unknown' }>>;
  postJson(
    url: string,
    json: object,
    options: ChannelPost,
  ): Promise<ChannelAnswer | Extract<SendOutcome, { kind: 'not_sent' | 'unknown' }>>;
  /** `application/x-www-form-urlencoded`. */
  postFields(
    url: string,
    fields: Readonly<Record<string, string>>,
    options: ChannelPost,
  ): Promise<ChannelAnswer | Extract<SendOutcome, { kind: 'not_sent' | 'unknown' }>>;
  getJson(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly body: unknown } | Extract<Fetched, { kind: 'later' }>>;
  /** DELETE; what it answers is not read. */
  remove(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly status: number } | Extract<Fetched, { kind: 'later' }>>;
  /** @param onTo which address it may be sent on to, once, without the headers; unset: none */
  download(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    onTo?: (url: URL) => boolean,
  ): Promise<Fetched>;
}
