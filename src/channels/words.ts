/** Texts for people in place of what is no text (docs/design/channels.md#readable-content). */
import type { MessageParts } from '../domain/inbound/parts.ts';
import type { Attachment } from '../domain/vocabulary.ts';

export interface Content {
  /**
   * What it was at the channel. `reaction`, `system`, `edited`, `deleted` and `call` say nothing that is to be answered
   * (docs/design/business-rules.md#what-says-nothing).
   */
  readonly contentKind: string;
  readonly content: string;
  readonly attachments: readonly Attachment[];
  readonly parts?: MessageParts | undefined;
  /** The message that this is about, where it is no message of its own. */
  readonly about?: string | undefined;
}

export const say = (
  contentKind: string,
  content: string,
  attachments: readonly Attachment[] = [],
  parts?: MessageParts,
): Content => ({ contentKind, content, attachments, ...(parts && { parts }) });

/** What is there of these, with commas. */
export const joined = (...texts: readonly (string | null | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== null && text !== '').join(', ');

/** `[Label] text`, or `[Label]` alone. */
export const labelled = (label: string, text?: string | null): string =>
  text === undefined || text === null || text === '' ? `[${label}]` : `[${label}] ${text}`;

/** What nobody here knows the form of; with its words where it has any. */
export const unknownKind = (words?: string): Content =>
  say(
    'unsupported',
    words === undefined
      ? labelled('Jenis pesan ini belum didukung')
      : labelled('Jenis pesan ini belum didukung', words),
  );

/** A file that has no name at the channel, or none that can be fetched. */
export const noFile = (kind: Attachment['kind']): Attachment => ({
  kind,
  mediaId: null,
  mimeType: null,
  fileName: null,
});

/** As an Indonesian reads it: `Rp 350.000`, `USD 12,5`. */
export function money(amount: number, currency: string | null): string {
  const digits = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 2 }).format(amount);
  return currency === null ? digits : `${currency === 'IDR' ? 'Rp' : currency} ${digits}`;
}

/** @param at undefined where the channel did not say where: the place's name may still do */
export function locationContent(
  at: { readonly latitude: number | undefined; readonly longitude: number | undefined },
  name: string | undefined,
  address: string | undefined,
  label = 'Lokasi',
): Content {
  const { latitude, longitude } = at;
  if (latitude === undefined || longitude === undefined)
    return say('location', labelled(label, joined(name, address)), [noFile('location')]);
  const where = joined(name, address, `${String(latitude)}, ${String(longitude)}`);
  const location = { latitude, longitude, name: name ?? null, address: address ?? null };
  return say('location', labelled(label, where), [noFile('location')], { location });
}

type ContactPart = NonNullable<MessageParts['contacts']>[number];

export function contactsContent(contacts: readonly ContactPart[]): Content {
  const people = contacts.map(({ name, phones, emails, organisation }) =>
    joined(name, organisation === name ? null : organisation, ...phones, ...emails),
  );
  return say(
    'contacts',
    labelled('Kontak', people.filter((one) => one !== '').join('; ')),
    [noFile('contact')],
    { contacts: [...contacts] },
  );
}
