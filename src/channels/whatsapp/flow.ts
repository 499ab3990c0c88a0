/**
 * The answer of a WhatsApp Flow (`nfm_reply`) as questions and answers. Its JSON has names that a program gave
 * (`screen_0_Kota_asal_0`) and tokens that are nobody's to read.
 */
import { listOf, membersOf, shortTextOf, textOf } from '../lenient.ts';
import { type Content, labelled, say } from '../words.ts';

const MOST_ANSWERS = 100;
const TOKEN = /token|secret|signature/i;

/** `screen_0_Kota_asal_0` was asked as `Kota asal`. */
function questionOf(name: string): string {
  const words = name
    .replace(/^screen_\d+_/, '')
    .replace(/_\d+$/, '')
    .replaceAll('_', ' ')
    .trim();
  return shortTextOf(words === '' ? name : words) ?? name;
}

/** What was chosen from a list carries its place: `0_Pria`. */
function answerOf(value: unknown): string {
  const texts = listOf(value).flatMap((one) => {
    const text = textOf(one);
    if (text !== undefined) return text.replace(/^\d+_(?=\D)/, '');
    return Object.entries(membersOf(one))
      .filter(([name]) => !TOKEN.test(name))
      .flatMap(([name, inner]) => {
        const said = textOf(inner);
        return said === undefined ? [] : `${questionOf(name)} ${said}`;
      });
  });
  return shortTextOf(texts.join(', ')) ?? '';
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    // No JSON after all: it may be the answer itself.
    return { Jawaban: value };
  }
}

export function flowContent(value: unknown): Content {
  const { response_json, body, name } = membersOf(value);
  const answers = Object.fromEntries(
    Object.entries(membersOf(parsed(response_json)))
      .filter(([question]) => !TOKEN.test(question))
      .slice(0, MOST_ANSWERS)
      .map(([question, answer]) => [questionOf(question), answerOf(answer)] as const)
      .filter(([, answer]) => answer !== ''),
  );
  const lines = Object.entries(answers).map(([question, answer]) => `${question}: ${answer}`);
  // Without answers Meta's word for it is all there is.
  const text = lines.length > 0 ? lines.join(', ') : textOf(body);
  const formName = shortTextOf(name);
  return say('interactive', labelled('Formulir', text), [], {
    form: { name: formName === undefined || formName === 'flow' ? null : formName, answers },
  });
}
