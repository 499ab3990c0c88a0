/** The variables of the web chat (docs/design/chat.md#settings). */
import {
  anyText,
  divisionNamed,
  each,
  hidden,
  optional,
  serviceUrl,
  splitList,
  text,
  withDefault,
} from '../channels/settings.ts';
import type { ChatSite } from '../domain/chat/sites.ts';
import type { Division } from '../domain/vocabulary.ts';
import { integer, oneOf, origins } from './values.ts';

const sites = text(
  'must list key:division:origins, separated by commas, such as saga:sari:https://www.example.com https://example.com; without origins only the own address may call it',
  (value): readonly ChatSite[] | undefined => {
    const all = each(splitList(value), (part): ChatSite | undefined => {
      const [, key = '', division, where = ''] = /^([\w-]{1,40}):(\w+)(?::(.*))?$/.exec(part) ?? [];
      const of = divisionNamed(division);
      const read = origins.safeParse(where.split(/\s+/).filter(Boolean).join(','));
      return of && key !== '' && read.success ? { key, division: of, origins: read.data } : undefined;
    });
    const keys = new Set(all?.map(({ key }) => key));
    return all && all.length > 0 && keys.size === all.length ? all : undefined;
  },
);

const numbers = text(
  'must list division:number, separated by commas, such as sari:6281234567890',
  (value): ReadonlyMap<Division, string> | undefined => {
    const all = each(splitList(value), (part) => {
      const [, division, number = ''] = /^(\w+):\+?(62\d{7,13})$/.exec(part) ?? [];
      const of = divisionNamed(division);
      return of && ([of, number] as const);
    });
    return all && new Map(all);
  },
);

export const CHAT_VARIABLES = {
  SITES: withDefault(
    sites,
    'sari:sari,savi:savi,safia:safia',
    'Web chat: site keys with their division, and the origins of pages that may use each: key:division:https://www.example.com https://example.com, ... The own address always may.',
  ),
  WA_PUBLIC_NUMBERS: optional(
    numbers,
    'WhatsApp numbers that visitors of the web chat are offered, by division: sari:6281234567890. Unset: none.',
  ),
  LLM_PROVIDER: optional(
    oneOf('openai', 'anthropic'),
    'Web chat: a language model that may choose between topics and reword answers; it adds nothing to them. Unset: none is asked, nothing leaves.',
  ),
  LLM_API_KEY: hidden(anyText, 'Of LLM_PROVIDER. Required with it.'),
  LLM_MODEL: optional(anyText, 'Of LLM_PROVIDER. Required with it.'),
  LLM_URL: optional(serviceUrl, 'Where LLM_PROVIDER is reached, if not at its own address.'),
  CHAT_RETENTION_DAYS: withDefault(
    integer(1, 3_650),
    '180',
    'Days after which a visitor of the web chat is erased who left neither a number nor an address, and bought nothing.',
  ),
  LLM_DAILY_TOKENS: withDefault(
    integer(1, 100_000_000),
    '500000',
    'So many tokens the language model may use on a business day and process; then the bot goes on without it.',
  ),
} as const;
