import type { Desk } from '../shapes.ts';
import type { TalkState } from '../talk.ts';
import { statusLine } from '../words.ts';
import { Icon } from './icons.tsx';

export type View = 'desks' | 'talk' | 'escalate' | 'leave' | 'menu';

/** Who answers, and whether people are there. */
export function Header({
  desk,
  state,
  view,
  go,
  close,
}: {
  readonly desk: Desk | null;
  readonly state: TalkState | null;
  readonly view: View;
  readonly go: (view: View) => void;
  readonly close: () => void;
}) {
  const agent = state?.mode === 'admin' ? state.messages.findLast(({ role }) => role === 'admin') : undefined;
  const name = desk === null || desk.name === '' ? 'Asisten Saga' : `Asisten ${desk.name}`;
  const title = state?.mode === 'admin' ? (agent?.name ?? 'Admin') : name;
  return (
    <header>
      {view === 'talk' || view === 'desks' ? (
        <span class={`face ${state?.mode === 'admin' ? 'admin' : ''}`}>
          <Icon name={state?.mode === 'admin' ? 'person' : 'chat'} />
        </span>
      ) : (
        <button type="button" class="round" aria-label="Kembali ke percakapan" onClick={() => go('talk')}>
          <Icon name="back" />
        </button>
      )}
      <div>
        <h2 id="saga-title">{title}</h2>
        {state?.status && (
          <p class={`status ${state.status.state}`} role="status">
            {state.mode === 'admin' ? 'Admin bergabung' : statusLine(state.status)}
          </p>
        )}
      </div>
      {state?.session && (
        <button
          type="button"
          class="round"
          aria-label="Pilihan lain"
          onClick={() => go(view === 'menu' ? 'talk' : 'menu')}
        >
          <Icon name="more" />
        </button>
      )}
      <button type="button" class="round" aria-label="Tutup chat" onClick={close}>
        <Icon name="close" />
      </button>
    </header>
  );
}
