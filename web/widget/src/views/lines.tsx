/** The thread. What people wrote is text and never markup. */
import type { ComponentChildren } from 'preact';
import type { Draft } from '../talk.ts';
import type { Choice, Message } from '../wire.ts';
import { clockOf } from '../words.ts';

const CHIPS = { visitor: 'Anda', bot: 'Bot', admin: 'Admin', system: 'Saga' } as const;

const Bubble = ({
  role,
  name,
  at,
  children,
}: {
  readonly role: Message['role'];
  readonly name?: string | null | undefined;
  readonly at?: string;
  readonly children: ComponentChildren;
}) => (
  <li class={role}>
    <p class="meta">
      <span class="role">{CHIPS[role]}</span>
      {role === 'admin' && name} {at !== undefined && <time dateTime={at}>{clockOf(at)}</time>}
    </p>
    <div class="said">{children}</div>
  </li>
);

export const Choices = ({
  choices,
  pick,
}: {
  readonly choices: readonly Choice[];
  readonly pick: (choice: Choice) => void;
}) => (
  <div class="choices">
    {choices.map((choice) => (
      <button type="button" class="chip" onClick={() => pick(choice)}>
        {choice.title}
      </button>
    ))}
  </div>
);

export interface LineActions {
  readonly pick: (choice: Choice) => void;
  readonly act: (message: Message, which: 'primary' | 'secondary') => void;
}

export function Line({
  message,
  isLast,
  pick,
  act,
}: LineActions & { readonly message: Message; readonly isLast: boolean }) {
  const { role, text, name, sent_at, benefits, cta, sources, choices, attachments } = message;
  return (
    <Bubble role={role} name={name} at={sent_at}>
      {text !== '' && <p class="text">{text}</p>}
      {attachments.map((file) => (
        <a class="file" href={file.url} target="_blank" rel="noopener noreferrer">
          {file.name ?? 'Berkas'}
        </a>
      ))}
      {sources.length > 0 && (
        <p class="sources">
          Sumber:{' '}
          {sources.map(({ title, url }, index) => (
            <>
              {index > 0 && ', '}
              {url !== undefined ? (
                <a href={url} target="_blank" rel="noopener noreferrer">
                  {title}
                </a>
              ) : (
                title
              )}
            </>
          ))}
        </p>
      )}
      {benefits.length > 0 && (
        <ul class="benefits" aria-label="Keunggulan">
          {benefits.map((one) => (
            <li>{one}</li>
          ))}
        </ul>
      )}
      {cta && (
        <div class="cta">
          <button type="button" class="strong" onClick={() => act(message, 'primary')}>
            {cta.primary}
          </button>
          <button type="button" onClick={() => act(message, 'secondary')}>
            {cta.secondary}
          </button>
        </div>
      )}
      {isLast && choices.length > 0 && <Choices choices={choices} pick={pick} />}
    </Bubble>
  );
}

export const DraftLine = ({ draft, again }: { readonly draft: Draft; readonly again: () => void }) => (
  <Bubble role="visitor">
    <p class="text">{draft.text}</p>
    {draft.failure === null ? (
      <p class="note">Mengirim…</p>
    ) : (
      <p class="note failed" role="alert">
        {draft.failure}{' '}
        <button type="button" onClick={again}>
          Kirim lagi
        </button>
      </p>
    )}
  </Bubble>
);

export const Thinking = ({ who }: { readonly who: string }) => (
  <li class="bot thinking">
    <div class="said">
      <span class="gone">{who} sedang mengetik</span>
      <i />
      <i />
      <i />
    </div>
  </li>
);
