import { Icon } from '../art/icons.tsx';
import { RouteMap } from '../art/map.tsx';
import type { Division, SiteContent } from '../content.ts';
import { ChatLink, type Making, Page } from '../parts/document.tsx';
import { CallToAction, Head, Points, Questions, ServiceCards } from '../parts/sections.tsx';
import { localBusiness, questionPage, service } from '../seo.ts';

const QUESTIONS_OF_EACH = 2;

export function Home({ content, making }: { readonly content: SiteContent; readonly making: Making }) {
  const { text, questions } = content;
  const { home } = text;
  const asked = text.services.map(({ division }) => {
    const of = division as Division;
    return [of, questions[of].slice(0, QUESTIONS_OF_EACH)] as const;
  });
  return (
    <Page
      making={making}
      path="/"
      title={home.title}
      description={text.description}
      things={[
        localBusiness(text),
        ...text.services.map(service),
        questionPage(asked.flatMap(([, list]) => list)),
      ]}
    >
      <section class="hero">
        <div class="wide">
          <div class="pitch">
            <h1>{home.heading}</h1>
            <p class="lead">{home.lead}</p>
            <p class="actions">
              <ChatLink>
                <Icon name="chat" /> Tanya harga dan rute
              </ChatLink>
              <a class="button quiet" href="#layanan">
                Lihat layanan
              </a>
            </p>
          </div>
          <RouteMap />
        </div>
      </section>
      <section id="layanan" class="wide block services">
        <h2 class="gone">Layanan</h2>
        <ServiceCards services={text.services} />
      </section>
      <section class="wide block">
        <Head title="Kenapa orang menitipkan barangnya di sini" />
        <Points points={home.benefits} icons={['check', 'people', 'scale', 'paper']} />
      </section>
      <section class="band">
        <div class="wide block">
          <Head title="Dari bertanya sampai diterima" />
          <ol class="steps">
            {home.steps.map(({ title, text: what }) => (
              <li>
                <h3>{title}</h3>
                <p>{what}</p>
              </li>
            ))}
          </ol>
        </div>
      </section>
      <section class="wide block">
        <Head title="Yang biasa menitipkan ke kami">
          <ul class="tags">
            {home.clients.map((client) => (
              <li>{client}</li>
            ))}
          </ul>
        </Head>
        <ul class="quotes">
          {home.testimonials.map(({ quote, by }) => (
            <li>
              <figure>
                <blockquote>{quote}</blockquote>
                <figcaption>{by}</figcaption>
              </figure>
            </li>
          ))}
        </ul>
      </section>
      <section class="wide block ask-block">
        <Head title="Yang paling sering ditanyakan">
          <p>
            Belum ketemu? <a href="/faq">Lihat semua pertanyaan</a> atau tanyakan langsung.
          </p>
        </Head>
        <div>
          {asked.map(([division, list]) => (
            <Questions division={division} questions={list} />
          ))}
        </div>
      </section>
      <CallToAction
        title="Punya barang yang harus sampai?"
        text="Sebutkan barang, asal, dan tujuannya. Asisten menjawab sekarang, tim kami menyusul."
      />
    </Page>
  );
}
