/** WAHA's messages as text for people. Nothing here throws: an odd member costs that member. */
import type { Attachment } from '../../domain/vocabulary.ts';
import {
  fileNameOf,
  isTrue,
  listOf,
  type Members,
  membersOf,
  numberOf,
  shortTextOf,
  textOf,
  wordsWithin,
} from '../lenient.ts';
import {
  contactsContent,
  type Content,
  joined,
  labelled,
  locationContent,
  say,
  unknownKind,
} from '../words.ts';
import { mediaName } from './media-name.ts';

type FileKind = Extract<Attachment['kind'], 'image' | 'audio' | 'video' | 'document' | 'sticker'>;
const LABELS: Readonly<Record<FileKind, string>> = {
  image: 'Gambar',
  audio: 'Audio',
  video: 'Video',
  document: 'Dokumen',
  sticker: 'Stiker',
};

function kindOf(mimeType: string | undefined): FileKind {
  if (mimeType === 'image/webp') return 'sticker';
  const [family] = (mimeType ?? '').split('/');
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document';
}

function fileContent(payload: Members, body: string | undefined): Content {
  const media = membersOf(payload['media']);
  const mimeType = shortTextOf(media['mimetype']);
  const kind = kindOf(mimeType);
  const fileName = fileNameOf(media['filename']) ?? null;
  const isVoice = kind === 'audio' && /^audio\/ogg/.test(mimeType ?? '');
  const words = kind === 'document' ? joined(fileName, body === fileName ? null : body) : body;
  const file = { kind, mediaId: mediaName(payload), mimeType: mimeType ?? null, fileName };
  return say(kind, labelled(isVoice ? 'Pesan suara' : LABELS[kind], words), [file]);
}

/** Of a vCard: its name and numbers. */
function cardOf(text: string) {
  const lines = text.split(/\r?\n/);
  const valuesOf = (name: string): string[] =>
    lines.flatMap((line) => {
      const [, value] = new RegExp(`^(?:item\\d+\\.)?${name}(?:;[^:]*)?:(.+)$`, 'i').exec(line) ?? [];
      return value === undefined ? [] : [value.trim()];
    });
  return {
    name: shortTextOf(valuesOf('FN')[0]) ?? null,
    phones: valuesOf('TEL').slice(0, 20),
    emails: valuesOf('EMAIL').slice(0, 20),
    organisation: shortTextOf(valuesOf('ORG')[0]?.replaceAll(';', ' ').trim()) ?? null,
  };
}

/** What an agent reads, whatever kind it is. */
export function wahaContent(payload: Members): Content {
  const body = textOf(payload['body']);
  const location = membersOf(payload['location']);
  const cards = listOf(payload['vCards']).flatMap((card) => {
    const text = textOf(card);
    return text !== undefined && /^\s*BEGIN:VCARD/i.test(text) ? [text] : [];
  });
  const at = { latitude: numberOf(location['latitude']), longitude: numberOf(location['longitude']) };
  const content =
    isTrue(payload['hasMedia']) || Object.keys(membersOf(payload['media'])).length > 0
      ? fileContent(payload, body)
      : cards.length > 0
        ? contactsContent(cards.map(cardOf))
        : at.latitude !== undefined && at.longitude !== undefined
          ? locationContent(at, shortTextOf(location['name']), shortTextOf(location['description']))
          : body === undefined
            ? unknownKind()
            : say('text', body);
  return { ...content, content: wordsWithin(content.content) };
}
