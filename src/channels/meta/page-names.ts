/** Who writes on Instagram and Messenger: their messages have an id only, and the Graph API has the name. */
import type { ChannelHttp, NameSource } from '../../ports.ts';
import { actionOn } from '../errors.ts';
import { membersOf, shortTextOf, textOf } from '../lenient.ts';
import type { PageToken } from './config.ts';

const FIELDS = { instagram: 'name,username', facebook: 'name,first_name,last_name' } as const;

/** The person did not agree that we see it. Among the codes of permissions, which else are about our token. */
const NO_CONSENT = '230';

function nameIn(body: unknown): string | null {
  const { name, first_name, last_name, username } = membersOf(body);
  const both = [first_name, last_name].flatMap((part) => shortTextOf(part) ?? []).join(' ');
  const found = [shortTextOf(name), both, shortTextOf(username)].map((one) => one?.trim());
  return found.find((one) => one !== undefined && one !== '') ?? null;
}

export function pageNames(
  channel: 'instagram' | 'facebook',
  options: {
    /** With the version: `https://graph.facebook.com/v25.0`. */
    readonly url: string;
    readonly tokens: readonly PageToken[];
    readonly http: Pick<ChannelHttp, 'getJson'>;
  },
): NameSource {
  const tokens = new Map(
    options.tokens.filter((page) => page.channel === channel).map(({ id, token }) => [id, token]),
  );
  return {
    nameOf: async (userId, line, signal) => {
      const token = tokens.get(line);
      if (token === undefined) return { kind: 'later', code: 'not_configured' };
      // The id is part of the address that gets the token.
      if (!/^\d{1,32}$/.test(userId)) return { kind: 'asked', name: null };
      const url = `${options.url}/${userId}?fields=${FIELDS[channel]}`;
      const answer = await options.http.getJson(url, { authorization: `Bearer ${token}` }, signal);
      if ('kind' in answer) return answer;
      const { status, body } = answer;
      if (status === 200) return { kind: 'asked', name: nameIn(body) };
      const code = textOf(membersOf(membersOf(body)['error'])['code']) ?? `http_${String(status)}`;
      const isTransient = status >= 500 || status === 429;
      const action = code === NO_CONSENT ? 'give_up' : actionOn(code, isTransient).kind;
      return action === 'give_up' ? { kind: 'asked', name: null } : { kind: 'later', code };
    },
  };
}
