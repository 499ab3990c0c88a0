/** What Twilio's form says, as text for people. Nothing here throws: an odd member costs that member. */
import type { MessageParts } from '../../domain/inbound/parts.ts';
import type { Attachment } from '../../domain/vocabulary.ts';
import { type Members, numberOf, shortTextOf, textOf, wordsWithin } from '../lenient.ts';
import { type Content, joined, labelled, locationContent, say, unknownKind } from '../words.ts';

type FileKind = Extract<Attachment['kind'], 'image' | 'audio' | 'video' | 'document' | 'sticker'>;
const LABELS: Readonly<Record<FileKind, string>> = {
  image: 'Gambar',
  audio: 'Audio',
  video: 'Video',
  document: 'Dokumen',
  sticker: 'Stiker',
};
const FILE_KINDS = Object.keys(LABELS) as readonly FileKind[];
const MOST_FILES = 10;

/** Its own word for it counts; else what the type of the file says. */
function kindOf(type: string | undefined, mimeType: string | undefined): FileKind {
  const [family] = (mimeType ?? '').split('/');
  return FILE_KINDS.find((kind) => kind === type) ?? FILE_KINDS.find((kind) => kind === family) ?? 'document';
}

function filesOf(
  form: Members,
  type: string | undefined,
): readonly (Attachment & { readonly kind: FileKind })[] {
  const count = Math.min(
    Math.max(numberOf(form['NumMedia']) ?? 0, form['MediaUrl0'] === undefined ? 0 : 1),
    MOST_FILES,
  );
  return Array.from({ length: count }, (_none, at) => {
    const mimeType = shortTextOf(form[`MediaContentType${String(at)}`]);
    return {
      kind: kindOf(type, mimeType),
      mediaId: textOf(form[`MediaUrl${String(at)}`]) ?? null,
      mimeType: mimeType ?? null,
      fileName: null,
    };
  });
}

function bodyOf(form: Members): Content {
  const type = textOf(form['MessageType'])?.toLowerCase();
  const body = textOf(form['Body']);
  const files = filesOf(form, type);
  const [first] = files;
  const card = type === 'contacts' || /vcard/i.test(first?.mimeType ?? '');
  if (card) return say('contacts', labelled('Kontak', body), files);
  if (first) return say(first.kind, labelled(LABELS[first.kind], body), files);
  const at = { latitude: numberOf(form['Latitude']), longitude: numberOf(form['Longitude']) };
  if (type === 'location' || (at.latitude !== undefined && at.longitude !== undefined))
    return locationContent(at, shortTextOf(form['Label']) ?? body, shortTextOf(form['Address']));
  const button = textOf(form['ButtonText']) ?? textOf(form['ButtonPayload']);
  if (button !== undefined) return say('button', button);
  const chosen = joined(textOf(form['ListTitle']), textOf(form['ListDescription'])) || textOf(form['ListId']);
  if (chosen !== undefined) return say('interactive', body ?? chosen);
  if (body !== undefined) return say('text', body);
  return unknownKind();
}

/** The advertisement that a message came from. */
function referralOf(form: Members): MessageParts['referral'] {
  const text = (name: string) => shortTextOf(form[`Referral${name}`]) ?? null;
  const sourceId = text('SourceId') ?? text('CtwaClid');
  if (sourceId === null && text('SourceUrl') === null) return undefined;
  return {
    headline: text('Headline'),
    body: text('Body'),
    sourceUrl: text('SourceUrl'),
    sourceId,
    mediaUrl: text('MediaUrl'),
  };
}

/** What an agent reads, whatever kind it is. */
export function twilioContent(form: Members): Content {
  const content = bodyOf(form);
  const referral = referralOf(form);
  return {
    ...content,
    content: wordsWithin(content.content),
    ...(referral && { parts: { ...content.parts, referral } }),
  };
}
