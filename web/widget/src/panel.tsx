/** The panel of the chat: a dialog beside the page. It comes when somebody opens the chat for the first time. */
import { render } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import css from './panel.css';
import { keep, kept } from './kept.ts';
import { wear } from './sheet.ts';
import type { Desk, Opening, Panel as PanelHandle, PanelHost } from './shapes.ts';
import { createTalk, type Talk } from './talk.ts';
import { Desks } from './views/desks.tsx';
import { Escalate } from './views/escalate.tsx';
import { Header, type View } from './views/header.tsx';
import { LeaveMessage } from './views/leave-message.tsx';
import { Menu } from './views/menu.tsx';
import { TalkView } from './views/talk-view.tsx';

const DESK = 'saga-desk';

interface PanelProps {
  readonly host: PanelHost;
  readonly talkOf: (desk: Desk) => Talk;
  readonly opening: Opening;
  /** Another number: it was opened again. */
  readonly opened: number;
  readonly close: () => void;
}

function deskFor({ desks }: PanelHost, site: string | undefined): Desk | null {
  const wanted = site ?? kept('session', DESK);
  return desks.find(({ key }) => key === wanted) ?? (desks.length === 1 ? (desks[0] ?? null) : null);
}

/** A phone's keyboard covers the page below: the panel takes what is left in view. */
function useVisibleHeight(box: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return undefined;
    const fit = (): void => {
      box.current?.style.setProperty('--seen', `${String(view.height)}px`);
      box.current?.style.setProperty('--top', `${String(view.offsetTop)}px`);
    };
    fit();
    view.addEventListener('resize', fit);
    view.addEventListener('scroll', fit);
    return () => {
      view.removeEventListener('resize', fit);
      view.removeEventListener('scroll', fit);
    };
  }, [box]);
}

function Panel({ host, talkOf, opening, opened, close }: PanelProps) {
  const [desk, setDesk] = useState<Desk | null>(null);
  const [view, go] = useState<View>('talk');
  const [offer, setOffer] = useState('');
  const [, again] = useReducer((n: number) => n + 1, 0);
  const box = useRef<HTMLDivElement>(null);
  const talk = desk && talkOf(desk);
  const state = talk?.state() ?? null;
  useVisibleHeight(box);

  useEffect(() => talk?.subscribe(() => again(0)), [talk]);
  useEffect(() => {
    const to = deskFor(host, opening.site) ?? desk;
    if (to) choose(to);
  }, [opened]);
  useEffect(() => {
    // On a phone the keyboard would cover the greeting.
    const field =
      matchMedia('(pointer: fine)').matches && box.current?.querySelector('textarea, input, .desk');
    ((field || box.current) as HTMLElement | null)?.focus();
  }, [opened, view, desk, state?.session === null]);

  function choose(to: Desk): void {
    keep('session', DESK, to.key);
    setDesk(to);
    go('talk');
    const { question, intent, isOffer } = opening;
    const chosen = talkOf(to);
    if (question === undefined) void chosen.begin();
    else if (isOffer === true) {
      setOffer(question);
      void chosen.begin();
    } else void chosen.send(question, intent);
  }

  const shown = desk === null ? 'desks' : view;
  return (
    <div
      class="panel"
      ref={box}
      role="dialog"
      aria-labelledby="saga-title"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (view === 'talk') close();
        else go('talk');
      }}
    >
      <Header desk={desk} state={state} view={shown} go={go} close={close} />
      {(desk === null || talk === null || state === null) && <Desks desks={host.desks} choose={choose} />}
      {talk && state && view === 'talk' && (
        <TalkView talk={talk} state={state} about={desk?.about ?? ''} offer={offer} go={go} />
      )}
      {talk && state && view === 'escalate' && <Escalate talk={talk} state={state} go={go} />}
      {talk && state && view === 'leave' && (
        <LeaveMessage talk={talk} consent={CONSENT} back={() => go('talk')} />
      )}
      {talk && view === 'menu' && (
        <Menu
          talk={talk}
          canSwitch={host.desks.length > 1}
          switchDesk={() => {
            keep('session', DESK, null);
            setDesk(null);
          }}
          done={close}
        />
      )}
    </div>
  );
}

/** @param root where the panel is drawn; its styles stay inside */
export function mount(root: ShadowRoot, host: PanelHost): PanelHandle {
  wear(root, css);
  const place = document.createElement('div');
  root.append(place);
  const talks = new Map<string, Talk>();
  let opened = 0;
  let isOpen = false;
  let seen = 0;

  const messagesFrom = (): number =>
    [...talks.values()].flatMap((talk) => talk.state().messages).filter(({ role }) => role !== 'visitor')
      .length;

  function talkOf({ key }: Desk): Talk {
    let talk = talks.get(key);
    if (!talk) {
      talk = createTalk(host.base, key);
      talk.subscribe(() => {
        if (isOpen) seen = messagesFrom();
        else host.onUnread(Math.max(0, messagesFrom() - seen));
      });
      talks.set(key, talk);
    }
    return talk;
  }

  function close(): void {
    isOpen = false;
    place.hidden = true;
    host.onClose();
  }
  return {
    open: (opening) => {
      isOpen = true;
      seen = messagesFrom();
      opened += 1;
      place.hidden = false;
      render(<Panel host={host} talkOf={talkOf} opening={opening} opened={opened} close={close} />, place);
    },
    close,
  };
}
