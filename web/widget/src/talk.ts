/**
 * One visitor's talk with one desk: what is known of it, and what one may do. The server has the thread; the browser keeps the
 * session only, so that the talk is there on the next page. Where nothing can be kept the talk lasts as long as the page.
 */
import { ChatError, createApi, type Api } from './api.ts';
import { keep, kept } from './kept.ts';
import { openLive, type Live } from './stream.ts';
import type {
  Answer,
  DeskStatus,
  Escalation,
  LeftMessage,
  Message,
  Mode,
  Session,
  StreamData,
  Thread,
  Waiting,
} from './wire.ts';

/** What a visitor wrote and the server has not confirmed. */
export interface Draft {
  readonly id: string;
  readonly text: string;
  readonly intent: string | undefined;
  readonly failure: string | null;
}

export interface TalkState {
  readonly session: Session | null;
  readonly messages: readonly Message[];
  readonly drafts: readonly Draft[];
  readonly mode: Mode;
  /** Who has the talk; null: nobody by name. */
  readonly agent: string | null;
  readonly position: number | null;
  readonly eta: readonly [number, number] | null;
  readonly status: DeskStatus | null;
  readonly typing: boolean;
  /** The last question was not understood well. */
  readonly doubt: boolean;
  readonly rated: 'up' | 'down' | null;
  /** A language model may read what the visitor asks, if the house has one. */
  readonly letsModelRead: boolean;
  /** Why nothing can be shown. */
  readonly failure: string | null;
}

const EMPTY: TalkState = {
  ...{ session: null, messages: [], drafts: [], mode: 'bot', position: null },
  ...{ agent: null, eta: null, status: null },
  ...{ typing: false, doubt: false, rated: null, letsModelRead: false, failure: null },
};
/** Below it an answer is offered to be checked by a person. */
const SURE = 0.9;
const TYPING_MS = 6_000;

export interface Talk {
  readonly state: () => TalkState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Takes up the kept session, or begins one. */
  readonly begin: () => Promise<void>;
  readonly send: (text: string, intent?: string) => Promise<void>;
  readonly sendAgain: (draft: Draft) => Promise<void>;
  readonly escalate: (channel: 'webchat' | 'whatsapp') => Promise<Escalation>;
  readonly leave: (message: LeftMessage) => Promise<string>;
  readonly rate: (rating: 'up' | 'down', comment: string) => Promise<void>;
  /** What the visitor says to a language model that reads along; it goes with each message. */
  readonly letModelRead: (yes: boolean) => void;
  readonly clicked: (messageId: string, which: 'primary' | 'secondary') => void;
  readonly checklist: (intent: string) => Promise<string>;
  readonly transcript: (format: 'text' | 'pdf') => Promise<Blob>;
  /** @returns an address of WhatsApp: who writes there as it says is sent the talk */
  readonly transcriptByWhatsApp: () => Promise<string>;
  /** Closes the talk and erases the visitor. */
  readonly forget: () => Promise<void>;
}

export function createTalk(base: string, siteKey: string): Talk {
  const place = `saga-chat:${siteKey}`;
  const consentPlace = `saga-chat-model:${siteKey}`;
  const listeners = new Set<() => void>();
  let state = EMPTY;
  let live: Live | null = null;
  let beginning: Promise<void> | null = null;
  let typingEnds: ReturnType<typeof setTimeout> | undefined;
  const api: Api = createApi(base, () => state.session?.token ?? null);

  function set(part: Partial<TalkState>): void {
    state = { ...state, ...part };
    listeners.forEach((listener) => listener());
  }

  /** What is new, in the order of the server; what is known is replaced. */
  function add(...more: readonly Message[]): void {
    set({ messages: [...new Map([...state.messages, ...more].map((one) => [one.id, one])).values()] });
  }

  const waits = ({ queue_position, eta_minutes }: Omit<Waiting, 'mode'>): Partial<TalkState> => ({
    position: queue_position,
    eta: eta_minutes,
  });

  const last = (): string | null => state.messages.at(-1)?.id ?? null;

  async function look(): Promise<void> {
    const after = last();
    const thread = await api.data<Thread>('GET', `/messages${after === null ? '' : `?after=${after}`}`);
    add(...thread.messages);
    set({ mode: thread.mode, ...waits(thread) });
  }

  const heard: { readonly [Name in keyof StreamData]: (data: StreamData[Name]) => void } = {
    message: (message) => {
      add(message);
      set({ typing: false });
    },
    mode: ({ mode, admin }) => set({ mode, agent: admin }),
    queue: (queue) => set(waits(queue)),
    status: (status) => set({ status }),
    typing: () => {
      clearTimeout(typingEnds);
      set({ typing: true });
      typingEnds = setTimeout(() => set({ typing: false }), TYPING_MS);
    },
  };

  function drop(): void {
    live?.close();
    live = null;
    keep('local', place, null);
    keep('local', consentPlace, null);
    state = EMPTY;
  }

  async function start(): Promise<void> {
    set({ failure: null, letsModelRead: kept('local', consentPlace) === 'yes' });
    const stored = JSON.parse(kept('local', place) ?? 'null') as Session | null;
    const old = stored !== null && Date.parse(stored.expires_at) > Date.now() ? stored : null;
    if (old) {
      set({ session: old, status: old.status });
      try {
        await look();
      } catch (error) {
        if (!(error instanceof ChatError) || (error.status !== 401 && error.status !== 404)) throw error;
        drop();
      }
    }
    if (state.session === null) {
      const session = await api.data<Session>('POST', '/session', { site_key: siteKey });
      keep('local', place, JSON.stringify(session));
      set({ session, status: session.status });
    }
    live = openLive(api, {
      on: (event, data) => heard[event as keyof StreamData]?.(data as never),
      last,
      look,
      onEnd: () => {
        drop();
        void begin();
      },
    });
  }

  function begin(): Promise<void> {
    beginning ??= start().catch((error: unknown) => {
      beginning = null;
      set({ failure: error instanceof ChatError ? error.message : 'Chat tidak dapat dibuka. Coba lagi.' });
    });
    return beginning;
  }

  async function deliver(draft: Draft): Promise<void> {
    const others = state.drafts.filter(({ id }) => id !== draft.id);
    set({ drafts: [...others, { ...draft, failure: null }], doubt: false });
    try {
      const answer = await api.data<Answer>('POST', '', {
        session_id: state.session?.session_id,
        messages: [{ role: 'user', content: draft.text }],
        ...(draft.intent !== undefined && { intent: draft.intent }),
        ...(state.session?.language_model && { language_model: state.letsModelRead }),
      });
      await look();
      set({
        drafts: state.drafts.filter(({ id }) => id !== draft.id),
        mode: answer.mode,
        doubt: answer.mode === 'bot' && (answer.outcome === 'unanswered' || answer.confidence < SURE),
      });
    } catch (error) {
      const failure = error instanceof ChatError ? error.message : 'Pesan belum terkirim.';
      set({ drafts: state.drafts.map((one) => (one.id === draft.id ? { ...one, failure } : one)) });
    }
  }

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    begin,
    send: async (text, intent) => {
      await begin();
      await deliver({ id: String(Math.random()), text, intent, failure: null });
    },
    sendAgain: deliver,
    escalate: async (channel) => {
      const answer = await api.data<Escalation>('POST', '/escalate', { channel });
      set({ mode: answer.mode, ...waits(answer), status: answer.hours, doubt: false });
      return answer;
    },
    leave: async (message) => {
      const { ticket_ref } = await api.data<{ ticket_ref: string }>('POST', '/leave-message', message);
      return ticket_ref;
    },
    rate: async (rating, comment) => {
      await api.data('POST', '/rate', { rating, ...(comment !== '' && { comment }) });
      set({ rated: rating });
    },
    letModelRead: (yes) => {
      keep('local', consentPlace, yes ? 'yes' : null);
      set({ letsModelRead: yes });
    },
    clicked: (messageId, which) => {
      // A count and no more: what a click leads to does not wait for it.
      api.data('POST', '/cta', { message_id: messageId, which }).catch(() => undefined);
    },
    checklist: async (intent) => (await api.data<{ url: string }>('POST', '/checklist', { intent })).url,
    transcriptByWhatsApp: async () =>
      (await api.data<{ whatsapp_url: string }>('POST', '/transcript/whatsapp')).whatsapp_url,
    transcript: async (format) => (await api.ask('POST', '/transcript', { format })).blob(),
    forget: async () => {
      await api.ask('DELETE', '/session');
      drop();
      beginning = null;
      set(EMPTY);
    },
  };
}
