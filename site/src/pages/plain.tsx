/** The pages that are mostly text: questions, about, contact, privacy, not found. */
import { Icon } from '../art/icons.tsx';
import type { Division, SiteContent } from '../content.ts';
import { ChatLink, type Making, Page } from '../parts/document.tsx';
import { CallToAction, Points, Questions, ServiceCards, Top } from '../parts/sections.tsx';
import { breadcrumbs, localBusiness, questionPage } from '../seo.ts';

interface PlainProps {
  readonly content: SiteContent;
  readonly making: Making;
}

export function Faq({ content: { text, questions }, making }: PlainProps) {
  const steps = [['Tanya jawab', '/faq']] as const;
  return (
    <Page
      making={making}
      path="/faq"
      title={text.faq.title}
      description={text.faq.description}
      things={[questionPage(Object.values(questions).flat()), breadcrumbs(steps)]}
    >
      <Top heading={text.faq.heading} lead={text.faq.lead} steps={steps} />
      {text.services.map(({ division, brand, nav }) => (
        <section class="wide block ask-block" id={division}>
          <div class="head">
            <h2>{brand}</h2>
            <p>{nav}</p>
          </div>
          <Questions division={division as Division} questions={questions[division as Division]} />
        </section>
      ))}
      <CallToAction
        title="Pertanyaan Anda tidak ada di sini?"
        text="Tulis dengan kalimat sendiri. Yang tidak bisa dijawab asisten diteruskan ke Admin."
      />
    </Page>
  );
}

export function About({ content: { text }, making }: PlainProps) {
  const steps = [['Tentang', '/tentang']] as const;
  return (
    <Page
      making={making}
      path="/tentang"
      title={text.about.title}
      description={text.about.description}
      things={[localBusiness(text), breadcrumbs(steps)]}
    >
      <Top heading={text.about.heading} steps={steps} />
      <section class="wide block prose">
        {text.about.paragraphs.map((paragraph) => (
          <p>{paragraph}</p>
        ))}
      </section>
      <section class="wide block">
        <h2 class="gone">Yang kami pegang</h2>
        <Points points={text.about.values} icons={['scale', 'paper', 'people']} />
      </section>
      <section class="wide block services">
        <h2 class="gone">Layanan</h2>
        <ServiceCards services={text.services} />
      </section>
    </Page>
  );
}

export function Contact({ content: { text }, making }: PlainProps) {
  const steps = [['Kontak', '/kontak']] as const;
  return (
    <Page
      making={making}
      path="/kontak"
      title={text.contact.title}
      description={text.contact.description}
      things={[localBusiness(text), breadcrumbs(steps)]}
    >
      <Top heading={text.contact.heading} lead={text.contact.lead} steps={steps} />
      <section class="wide block">
        <ul class="desks">
          {text.services.map(({ division, brand, short }) => (
            <li>
              <h2>{brand}</h2>
              <p>{short}</p>
              <ChatLink division={division as Division}>
                <Icon name="chat" /> Chat {brand}
              </ChatLink>
            </li>
          ))}
        </ul>
        <p class="small">
          Ingin lewat WhatsApp? Buka chat, lalu pilih “Chat dengan Admin”: tautan WhatsApp membawa percakapan
          Anda.
        </p>
      </section>
      <section class="band">
        <div class="wide block two">
          <div>
            <h2>
              <Icon name="clock" /> Jam layanan Admin
            </h2>
            <dl>
              {text.hours.map(({ days, opens, closes }) => (
                <div>
                  <dt>{days}</dt>
                  <dd>
                    {opens.replace(':', '.')}–{closes.replace(':', '.')} WIB
                  </dd>
                </div>
              ))}
              <div>
                <dt>Sabtu, Minggu, dan hari libur</dt>
                <dd>Tinggalkan pesan</dd>
              </div>
            </dl>
          </div>
          <div>
            <h2>
              <Icon name="pin" /> Kantor
            </h2>
            <address>
              {text.address.street}
              <br />
              {text.address.city}, {text.address.region} {text.address.postal_code}
            </address>
            <p>
              <a href={`mailto:${text.email}`}>{text.email}</a>
            </p>
          </div>
        </div>
      </section>
    </Page>
  );
}

export function Privacy({ content: { text }, making }: PlainProps) {
  const steps = [['Privasi', '/privasi']] as const;
  return (
    <Page
      making={making}
      path="/privasi"
      title={text.privacy.title}
      description={text.privacy.description}
      things={[breadcrumbs(steps)]}
    >
      <Top heading={text.privacy.heading} lead={text.privacy.lead} steps={steps} />
      <section class="wide block prose">
        {text.privacy.sections.map(({ title, text: paragraphs }) => (
          <>
            <h2>{title}</h2>
            {paragraphs.map((paragraph) => (
              <p>{paragraph}</p>
            ))}
          </>
        ))}
      </section>
    </Page>
  );
}

export const NotFound = ({ content: { text }, making }: PlainProps) => (
  <Page
    making={making}
    path="/404"
    title={`Halaman tidak ada | ${text.name}`}
    description={text.description}
    isHidden
  >
    <Top
      heading="Halaman ini tidak ada"
      lead="Mungkin alamatnya berubah. Ini jalan ke layanan kami."
      steps={[]}
    />
    <section class="wide block services">
      <h2 class="gone">Layanan</h2>
      <ServiceCards services={text.services} />
    </section>
  </Page>
);
