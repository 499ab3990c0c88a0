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
  const isAdmin = state?.mode === 'admin';
  const name =
    state?.session?.name ?? (desk === null || desk.name === '' ? 'Asisten Saga' : `Asisten ${desk.name}`);
  const title = isAdmin ? (state.agent ?? 'Admin') : name;
  return (
    <div class="head">
      {view === 'talk' || view === 'desks' ? (
        <span class={`face ${isAdmin ? 'admin' : ''}`}>
          <Icon name={isAdmin ? 'person' : 'chat'} />
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
            {isAdmin ? 'Admin bergabung' : statusLine(state.status)}
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
    </div>
  );
}
