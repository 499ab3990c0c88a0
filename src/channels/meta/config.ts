/** The variables that Meta's channels share, and those of Instagram and Messenger, which differ in a word only. */
import type { Division } from '../../domain/vocabulary.ts';
import {
  divisionNamed,
  each,
  GENERATED,
  hidden,
  secret,
  serviceUrl,
  splitList,
  text,
  withDefault,
} from '../settings.ts';

type PageChannel = 'instagram' | 'facebook';

export interface PageLine {
  readonly channel: PageChannel;
  readonly id: string;
  readonly division: Division;
}

const channelNamed = (name: string | undefined): PageChannel | undefined =>
  name === 'instagram' || name === 'facebook' ? name : undefined;

/** `instagram:17841400000000000:safia,facebook:1029384756:sari` */
const pageMap = text(
  `must look like instagram:<account id>:division or facebook:<page id>:division, separated by commas`,
  (value) => {
    const lines = each<PageLine>(splitList(value), (part) => {
      const [, named, id, name] = /^([a-z]+):([^:\s]+):([a-z]+)$/.exec(part) ?? [];
      const channel = channelNamed(named);
      const division = divisionNamed(name);
      return channel && id !== undefined && division ? { channel, id, division } : undefined;
    });
    // One account cannot have two divisions.
    return lines && new Set(lines.map(({ id }) => id)).size === lines.length ? lines : undefined;
  },
);

export interface PageToken {
  readonly channel: PageChannel;
  readonly id: string;
  readonly token: string;
}

/** `instagram:17841400000000000:EAAB...,facebook:1029384756:EAAC...` */
const pageTokens = text(
  'must look like instagram:<account id>:<token> or facebook:<page id>:<token>, separated by commas',
  (value) =>
    each<PageToken>(splitList(value), (part) => {
      const [, named, id, token] = /^([a-z]+):([^:\s]+):([^:\s]{8,})$/.exec(part) ?? [];
      const channel = channelNamed(named);
      return channel && id !== undefined && token !== undefined ? { channel, id, token } : undefined;
    }),
);

export const META_VARIABLES = {
  WHATSAPP_APP_SECRET: hidden(
    secret(16),
    `The app secret of the Meta app: verifies WhatsApp, Instagram and Messenger webhooks. ${GENERATED}`,
  ),
  WHATSAPP_VERIFY_TOKEN: hidden(
    secret(16),
    `Self-chosen token of Meta's subscription handshake. ${GENERATED}`,
  ),
  CHANNEL_DIVISION_MAP: withDefault(
    pageMap,
    '',
    'Accounts and pages as instagram:<account id>:division,facebook:<page id>:division,... Several of one division are normal.',
  ),
  META_GRAPH_URL: withDefault(
    serviceUrl,
    'https://graph.facebook.com/v25.0',
    'Send API of Instagram and Messenger, with its version.',
  ),
  META_PAGE_TOKENS: hidden(
    pageTokens,
    'Tokens as instagram:<account id>:<token>,facebook:<page id>:<token>,... Division by CHANNEL_DIVISION_MAP.',
  ),
} as const;
