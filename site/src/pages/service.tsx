import { ServiceArt } from '../art/services.tsx';
import { Icon } from '../art/icons.tsx';
import { type Division, pathOfService, type ServiceText, type SiteContent } from '../content.ts';
import { ChatLink, type Making, Page } from '../parts/document.tsx';
import { CallToAction, Head, Points, Questions, Top } from '../parts/sections.tsx';
import { breadcrumbs, questionPage, service as thingOf } from '../seo.ts';

const SHOWN = 8;

export function Service({
  content,
  making,
  service,
}: {
  readonly content: SiteContent;
  readonly making: Making;
  readonly service: ServiceText;
}) {
  const division = service.division as Division;
  const path = pathOfService(service);
  const questions = content.questions[division].slice(0, SHOWN);
  return (
    <Page
      making={making}
      path={path}
      title={service.title}
      description={service.description}
      division={division}
      things={[thingOf(service), questionPage(questions), breadcrumbs([[service.nav, path]])]}
    >
      <Top heading={service.heading} lead={service.lead} steps={[[service.nav, path]]}>
        <div class={`picture ${division}`}>
          <ServiceArt division={division} />
        </div>
      </Top>
      <div class="wide prompts">
        <p>Tanyakan langsung:</p>
        <ul class="tags">
          {service.prompts.map((question) => (
            <li>
              <ChatLink class="chip" division={division} question={question}>
                {question}
              </ChatLink>
            </li>
          ))}
        </ul>
      </div>
      <section class="wide block">
        <Head title="Yang kami kerjakan" />
        <Points points={service.includes} />
      </section>
      <section class="band">
        <div class="wide block two">
          <div>
            <h2>Yang menentukan biaya</h2>
            <ul class="ticks">
              {service.price.map((line) => (
                <li>
                  <Icon name="check" />
                  {line}
                </li>
              ))}
            </ul>
            <p class="small">
              Penawaran dibuat setelah barang diukur. Kami tidak memasang harga mati di halaman ini.
            </p>
          </div>
          <div>
            <h2>Yang perlu Anda siapkan</h2>
            <ul class="ticks">
              {service.prepare.map((line) => (
                <li>
                  <Icon name="check" />
                  {line}
                </li>
              ))}
            </ul>
          </div>
        </div>
      </section>
      <section class="wide block ask-block">
        <Head title={`Tanya jawab ${service.brand}`}>
          <p>
            <a href="/faq">Semua pertanyaan</a>
          </p>
        </Head>
        <Questions division={division} questions={questions} />
      </section>
      <CallToAction
        title={`Bicarakan dengan ${service.brand}`}
        text="Mulai dengan asisten, lanjut dengan orang di percakapan yang sama."
        division={division}
      />
    </Page>
  );
}
