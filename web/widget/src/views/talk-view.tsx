import { useEffect, useRef } from 'preact/hooks';
import type { Talk, TalkState } from '../talk.ts';
import type { Message } from '../wire.ts';
import { waiting } from '../words.ts';
import { Composer } from './composer.tsx';
import type { View } from './header.tsx';
import { Choices, DraftLine, Line, Thinking } from './lines.tsx';
import { Rating } from './rating.tsx';

/** So near to the end one reads along. */
const NEAR_PX = 120;

/** What a call to action does follows from its words: they are content, and people edit them. */
async function act(
  talk: Talk,
  { id, intent, cta }: Message,
  which: 'primary' | 'secondary',
  go: (view: View) => void,
): Promise<void> {
  const words = cta?.[which] ?? '';
  talk.clicked(id, which);
  if (/pdf|unduh|checklist/i.test(words) && intent !== null) {
    location.assign(await talk.checklist(intent));
    return;
  }
  go('escalate');
}

/** Where a person can be asked for, or how far that is. */
function EscalateBar({ state, go }: { readonly state: TalkState; readonly go: (view: View) => void }) {
  if (state.mode === 'waiting_admin')
    return (
      <div class="bar waits" role="status">
        <span class="spin" aria-hidden="true" />
        {waiting(state.position, state.eta)}
      </div>
    );
  if (state.mode !== 'bot') return null;
  return (
    <div class={`bar ${state.doubt ? 'doubt' : ''}`}>
      <span>{state.doubt ? 'Perlu verifikasi dari Admin?' : 'Butuh jawaban Admin?'}</span>
      <button type="button" onClick={() => go('escalate')}>
        Chat dengan Admin
      </button>
    </div>
  );
}

export function TalkView({
  talk,
  state,
  about,
  offer,
  go,
}: {
  readonly talk: Talk;
  readonly state: TalkState;
  readonly about: string;
  /** A question that waits to be sent. */
  readonly offer: string;
  readonly go: (view: View) => void;
}) {
  const log = useRef<HTMLDivElement>(null);
  const { session, messages, drafts, mode } = state;
  const asking = drafts.some(({ failure }) => failure === null);
  const count = messages.length + drafts.length;

  useEffect(() => {
    const at = log.current;
    if (at && (count < 3 || at.scrollHeight - at.scrollTop - at.clientHeight < at.clientHeight + NEAR_PX))
      at.scrollTop = at.scrollHeight;
  }, [count, asking, mode]);

  if (state.failure !== null)
    return (
      <div class="empty" role="alert">
        <p>{state.failure}</p>
        <button type="button" class="strong" onClick={() => void talk.begin()}>
          Coba lagi
        </button>
      </div>
    );
  if (session === null)
    return (
      <div class="empty" role="status">
        Menghubungkan…
      </div>
    );
  const isNew = count === 0;
  return (
    <>
      <div class="log" ref={log} role="log" aria-live="polite" aria-label="Percakapan" tabIndex={0}>
        <ul>
          <li class="bot">
            <p class="meta">
              <span class="role">Bot</span>
            </p>
            <div class="said">
              <p class="text">{session.greeting}</p>
              <p class="note">{session.disclaimer}</p>
            </div>
          </li>
          {messages.map((message, index) => (
            <Line
              key={message.id}
              message={message}
              isLast={index === messages.length - 1 && drafts.length === 0}
              pick={({ title, intent }) => void talk.send(title, intent)}
              act={(of, which) => void act(talk, of, which, go).catch(() => go('escalate'))}
            />
          ))}
          {drafts.map((draft) => (
            <DraftLine key={draft.id} draft={draft} again={() => void talk.sendAgain(draft)} />
          ))}
          {((asking && mode === 'bot') || state.typing) && (
            <Thinking who={mode === 'bot' ? 'Asisten' : 'Admin'} />
          )}
        </ul>
        {session.language_model && (
          <label class="tick model">
            <input
              type="checkbox"
              checked={state.letsModelRead}
              onChange={({ currentTarget }) => talk.letModelRead(currentTarget.checked)}
            />
            <span>{session.language_model.text}</span>
          </label>
        )}
        {isNew && (
          <Choices
            choices={session.suggestions}
            pick={({ title, intent }) => void talk.send(title, intent)}
          />
        )}
        {mode === 'closed' && <Rating talk={talk} state={state} />}
      </div>
      <EscalateBar state={state} go={go} />
      <Composer about={about} offer={offer} send={(text) => void talk.send(text)} />
    </>
  );
}
