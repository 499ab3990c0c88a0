/** Pieces that several pages show. */
import type { ComponentChildren } from 'preact';
import { ServiceArt } from '../art/services.tsx';
import { Icon, type IconName } from '../art/icons.tsx';
import { type Division, pathOfService, type Question, type ServiceText } from '../content.ts';
import { ChatLink } from './document.tsx';

export const Head = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) => (
  <div class="head">
    <h2>{title}</h2>
    {children}
  </div>
);

export const ServiceCards = ({ services }: { readonly services: readonly ServiceText[] }) => (
  <ul class="cards">
    {services.map((one) => (
      <li class={`card ${one.division}`}>
        <ServiceArt division={one.division as Division} />
        <h3>
          <a href={pathOfService(one)}>{one.brand}</a>
        </h3>
        <p>{one.short}</p>
        <span class="more" aria-hidden="true">
          Lihat layanan <Icon name="arrow" />
        </span>
      </li>
    ))}
  </ul>
);

export const Points = ({
  points,
  icons,
}: {
  readonly points: readonly { readonly title: string; readonly text: string }[];
  readonly icons?: readonly IconName[];
}) => (
  <ul class="points">
    {points.map(({ title, text }, index) => (
      <li>
        <Icon name={icons?.[index] ?? 'check'} />
        <h3>{title}</h3>
        <p>{text}</p>
      </li>
    ))}
  </ul>
);

/** Questions that open in place; each can be asked on in the chat. */
export const Questions = ({
  questions,
  division,
}: {
  readonly questions: readonly Question[];
  readonly division: Division;
}) => (
  <div class="questions">
    {questions.map(({ intent, title, answer }) => (
      <details id={`${division}-${intent.toLowerCase().replaceAll('_', '-')}`}>
        <summary>{title}</summary>
        <div>
          {answer.split('\n').map((line) => line.trim() !== '' && <p>{line}</p>)}
          <ChatLink class="ask" division={division} intent={intent} question={title}>
            <Icon name="chat" /> Tanyakan ke Asisten
          </ChatLink>
        </div>
      </details>
    ))}
  </div>
);

export const CallToAction = ({
  title,
  text,
  division,
}: {
  readonly title: string;
  readonly text: string;
  readonly division?: Division;
}) => (
  <section class="call">
    <div class="wide">
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      <ChatLink class="button" {...(division !== undefined && { division })}>
        <Icon name="chat" /> Mulai chat
      </ChatLink>
    </div>
  </section>
);

export const Crumbs = ({ steps }: { readonly steps: readonly (readonly [string, string])[] }) => (
  <nav class="crumbs" aria-label="Remah roti">
    <ol>
      <li>
        <a href="/">Beranda</a>
      </li>
      {steps.map(([name], index) => (
        <li {...(index === steps.length - 1 && { 'aria-current': 'page' as const })}>{name}</li>
      ))}
    </ol>
  </nav>
);

/** The first screen of a page that is not the home page. */
export const Top = ({
  heading,
  lead,
  steps,
  children,
}: {
  readonly heading: string;
  readonly lead?: string;
  readonly steps: readonly (readonly [string, string])[];
  readonly children?: ComponentChildren;
}) => (
  <section class="top">
    <div class="wide">
      <div>
        <Crumbs steps={steps} />
        <h1>{heading}</h1>
        {lead !== undefined && <p class="lead">{lead}</p>}
      </div>
      {children}
    </div>
  </section>
);
