/**
 * Every channel and provider, and every form of webhook: one row each (docs/design/channels.md#providers). What is not
 * here does not exist for the rest of the program.
 */
import { type Channel, CHANNELS } from '../domain/vocabulary.ts';
import type {
  ChannelSender,
  LineDesk,
  MediaSource,
  NameSource,
  NumberSource,
  ProviderEraser,
  StaffGroup,
} from '../ports.ts';
import { botForm } from './bot/form.ts';
import type { ChannelConfig } from './config.ts';
import { instagram } from './instagram/index.ts';
import { createLines, type Line, type Lines } from './lines.ts';
import { messenger } from './messenger/index.ts';
import { metaForm } from './meta/form.ts';
import type { Provider, ProviderDeps, ChannelSenderDeps, WebhookForm, WebhookSecrets } from './provider.ts';
import { secretsWithLines } from './telegram/config.ts';
import { telegramForm } from './telegram/form.ts';
import { telegramBots } from './telegram/index.ts';
import { twilioForm } from './twilio/form.ts';
import { twilio } from './twilio/index.ts';
import { wahaForm } from './waha/form.ts';
import { waha } from './waha/index.ts';
import { web } from './web/index.ts';
import { whatsappCloud } from './whatsapp/index.ts';

export const PROVIDERS: readonly Provider[] = [
  whatsappCloud,
  twilio,
  waha,
  instagram,
  messenger,
  telegramBots,
  web,
];

/** Asked in this order: the first whose signature fits and whose body it is reads it. */
export const FORMS: readonly WebhookForm[] = [telegramForm, metaForm, botForm, twilioForm, wahaForm];

/** Channels whose message ids were the whole identity of a message in versions before 0.3.0. */
export const WORLDWIDE_BEFORE: ReadonlySet<Channel> = new Set(['whatsapp', 'instagram', 'facebook']);

export const linesOf = (config: ChannelConfig): Lines =>
  createLines(PROVIDERS.flatMap((provider) => provider.lines(config)));

type ByChannel<T> = Readonly<Record<Channel, T>>;

/** @throws TypeError a channel without a provider */
function byChannel<T>(join: (providers: readonly [Provider, ...Provider[]]) => T): ByChannel<T> {
  const entries = CHANNELS.map((channel) => {
    const [first, ...more] = PROVIDERS.filter((provider) => provider.channel === channel);
    if (!first) throw new TypeError(`no provider for the channel ${channel}`);
    return [channel, join([first, ...more])] as const;
  });
  return Object.fromEntries(entries) as ByChannel<T>;
}

/** Whose line it is. */
const ownerOf = <T extends { readonly lines: ReadonlySet<string> }>(
  parts: readonly T[],
  line: string | null,
): T | undefined => parts.find(({ lines }) => line !== null && lines.has(line));

/** How each channel is written to. Of a channel with several providers, the line says which. */
export const sendersOf = (deps: ChannelSenderDeps): ByChannel<ChannelSender> =>
  byChannel((providers) => {
    const parts = providers.map((provider) => ({
      sender: provider.sender(deps),
      lines: new Set(provider.lines(deps.config).map(({ id }) => id)),
    }));
    const [first] = parts;
    const owner = (line: string | null) => ownerOf(parts, line);
    const tellsReads = parts.some(({ sender }) => sender.markRead !== undefined);
    return {
      ...(tellsReads && {
        markRead: (ref: string, line: string, signal: AbortSignal) =>
          (owner(line) ?? first)?.sender.markRead?.(ref, line, signal) ?? Promise.resolve(false),
      }),
      atOnce: (line) => owner(line)?.sender.atOnce?.(line),
      quietFor: (line, now) => owner(line)?.sender.quietFor?.(line, now) ?? 0,
      lineFor: (talk) => {
        const own = owner(talk.own)?.sender.lineFor(talk) ?? null;
        if (own !== null) return own;
        // Where the channel has several providers, a line of nobody may have moved from one to another.
        const asked = parts.filter(({ lines }) => lines.size > 0).length > 1 ? { ...talk, own: null } : talk;
        return parts.map(({ sender }) => sender.lineFor(asked)).find((line) => line !== null) ?? null;
      },
      send: (message, to, signal) => (owner(to.line) ?? first)?.sender.send(message, to, signal) ?? NOBODY,
    };
  });

const NOBODY = Promise.resolve({ kind: 'not_sent', code: 'no_connection' } as const);

/** Where each channel keeps what customers send. */
export const mediaSourcesOf = (deps: ProviderDeps): ByChannel<MediaSource | null> =>
  byChannel((providers) => {
    const parts = providers.flatMap((provider) => {
      const source = provider.media(deps);
      return source ? [{ source, lines: new Set(provider.lines(deps.config).map(({ id }) => id)) }] : [];
    });
    const [first] = parts;
    if (!first) return null;
    return {
      fetch: (mediaId, to, signal) => (ownerOf(parts, to.line) ?? first).source.fetch(mediaId, to, signal),
    };
  });

/** What each channel is asked for who writes; null: it says so by itself. A line says whose it is. */
export const nameSourcesOf = (deps: ProviderDeps): ByChannel<NameSource | null> =>
  byChannel((providers) => {
    const parts = providers.flatMap((provider) => {
      const source = provider.names?.(deps);
      return source ? [{ source, lines: new Set(provider.lines(deps.config).map(({ id }) => id)) }] : [];
    });
    const [first] = parts;
    if (!first) return null;
    return {
      nameOf: (userId, line, signal) => (ownerOf(parts, line) ?? first).source.nameOf(userId, line, signal),
    };
  });

/** How a line is asked for a number that its channel hides; null: it hides none. */
export function numberSourcesOf(deps: ProviderDeps): (channel: Channel, line: string) => NumberSource | null {
  const parts = PROVIDERS.flatMap((provider) => {
    const source = provider.numbers?.(deps);
    const lines = new Set(provider.lines(deps.config).map(({ id }) => id));
    return source ? [{ channel: provider.channel, source, lines }] : [];
  });
  return (channel, line) =>
    ownerOf(
      parts.filter((part) => part.channel === channel),
      line,
    )?.source ?? null;
}

/** How a line's provider is asked to delete what it has of a customer; null: it cannot be asked. */
export function erasersOf(deps: ProviderDeps): (channel: string, line: string) => ProviderEraser | null {
  const parts = PROVIDERS.flatMap((provider) => {
    const eraser = provider.erasing?.(deps);
    const lines = new Set(provider.lines(deps.config).map(({ id }) => id));
    return eraser ? [{ channel: provider.channel, eraser, lines }] : [];
  });
  return (channel, line) =>
    ownerOf(
      parts.filter((part) => part.channel === channel),
      line,
    )?.eraser ?? null;
}

/** The group of staff that is told of customers who wait; null: none is configured. */
export const staffGroupOf = (deps: ProviderDeps): StaffGroup | null =>
  PROVIDERS.map((provider) => provider.staffGroup?.(deps) ?? null).find((group) => group !== null) ?? null;

/** Every line with its provider, and how it is asked. */
export const linesWithDesks = (
  deps: ProviderDeps,
): readonly { readonly line: Line; readonly provider: string; readonly desk: LineDesk }[] =>
  PROVIDERS.flatMap((provider) => {
    const desk = provider.desk(deps);
    return provider.lines(deps.config).map((line) => ({ line, provider: provider.name, desk }));
  });

/** @param config with the secrets that the program makes itself where they are not set */
export const webhookSecretsOf = (config: ChannelConfig): WebhookSecrets => ({
  metaApp: config.WHATSAPP_APP_SECRET ?? null,
  metaVerifyToken: config.WHATSAPP_VERIFY_TOKEN ?? null,
  externalBot: config.EXTERNAL_BOT_SECRET ?? null,
  bots: config.EXTERNAL_BOT_SECRETS ?? [],
  twilio: config.TWILIO_AUTH_TOKEN ?? [],
  waha: config.WAHA_HMAC_KEY ?? null,
  telegram: secretsWithLines(config).flatMap(({ token, division, line }) =>
    line === null ? [] : [{ token, division, line }],
  ),
});
