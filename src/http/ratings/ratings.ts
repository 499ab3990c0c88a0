/** Area: what customers think of jobs (docs/design/api.md#ratings-of-jobs). */
import { z } from 'zod';
import { tokenHashOf } from '../../commands/invoices/issue-invoice.ts';
import { rateJobInput } from '../../commands/ratings/rate-job.ts';
import { rating } from '../../domain/ratings/rating.ts';
import { calendarOf, dayNumber } from '../../domain/time/calendar.ts';
import { daysIn, MAX_DAYS } from '../../domain/time/period.ts';
import { division } from '../../domain/vocabulary.ts';
import { jobToRate, listRatings } from '../../projections/ratings/ratings.ts';
import { type ErrorCode, HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { fileRoute, route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';
import { pageOrEnvelope, sendPage } from '../framework/server/customer-page.ts';
import { admitLink } from '../invoices/public-invoice.ts';
import { technicianOfCookie } from '../staff/session-cookie.ts';
import { scopeWithin } from '../tickets/ticket-scope.ts';

const TAG = 'Field service';
const star = z.int().min(1).max(5);
const average = z.number().min(1).max(5).nullable().meta({ example: 4.5 });

const ratingObject = z
  .strictObject({
    job_id: id,
    division,
    technician: z.strictObject({ id, name: z.string(), stars: star.meta({ example: 5 }) }),
    service: star.meta({ example: 4 }),
    comment: z.string().nullable().meta({ example: 'Cepat dan rapi.' }),
    by_technician: z.boolean().meta({
      description: 'It came from a browser in which the technician is signed in: it counts in no figure.',
    }),
    rated_at: time,
  })
  .meta({ id: 'JobRating' });

const technicianFigures = z
  .strictObject({
    technician: z.strictObject({ id, name: z.string(), average }),
    asked: z.int().meta({ description: 'Customers who were asked in that time.', example: 12 }),
    rated: z.int().meta({ description: 'Ratings that came in that time.', example: 9 }),
    service: average,
  })
  .meta({ id: 'TechnicianRatings' });

const day = z.iso.date();

export const ratings = route({
  method: 'get',
  path: '/api/admin/ratings',
  name: 'listRatings',
  tag: TAG,
  summary: 'What customers think of jobs, and the averages of each technician',
  description: `The newest first. \`from\` and \`to\`: days of the business, both within, at most ${String(MAX_DAYS)}. Who rated is not said.`,
  access: 'rating_read',
  reads: 'rating',
  query: {
    technician: id.optional(),
    from: day.meta({ example: '2026-07-01' }),
    to: day.meta({ example: '2026-07-31' }),
    division: division.optional(),
    limit: limitUpTo(200, 50),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({ ratings: z.array(ratingObject), technicians: z.array(technicianFigures) }),
  meta: { limit: z.int(), next_cursor: z.string().optional() },
  errors: ['DIVISION_FORBIDDEN'],
  async handle({ query: { from, to, technician, limit, cursor, division: wanted }, signedIn, context }) {
    const length = daysIn({ from, to });
    if (!(length >= 1 && length <= MAX_DAYS))
      throw new HttpError('VALIDATION_FAILED', [
        {
          path: 'to',
          message: `Pilih 1 sampai ${String(MAX_DAYS)} hari`,
          code: 'OUT_OF_RANGE',
          params: { maximum_days: MAX_DAYS },
        },
      ]);
    const { scope } = scopeWithin(signedIn.caller, wanted);
    const calendar = calendarOf(context.config.timezone);
    const lens = {
      technicianId: technician,
      from: new Date(calendar.momentOf(dayNumber(from))),
      to: new Date(calendar.momentOf(dayNumber(to) + 1)),
    };
    const page = await listRatings(context.read, scope, lens, { limit, cursor });
    return {
      data: { ratings: page.ratings, technicians: page.technicians },
      meta: omitUndefined({ limit, next_cursor: page.nextCursor ?? undefined }),
    };
  },
});

const params = { token: z.string().max(100) };

/** @throws HttpError RATING_NOT_FOUND */
async function jobBehind({ read }: HttpContext, token: string): Promise<string> {
  const jobId = await jobToRate(read, tokenHashOf(token));
  if (jobId === null) throw new HttpError('RATING_NOT_FOUND');
  return jobId;
}

const STARS = [5, 4, 3, 2, 1]
  .map((n) => `<option value="${String(n)}">${'★'.repeat(n)} (${String(n)})</option>`)
  .join('');
const FORM =
  '<p>Pekerjaan kami di tempat Anda sudah selesai. Bagaimana pelayanan kami?</p><form id="f">' +
  `<label for="technician">Teknisi</label><select id="technician">${STARS}</select>` +
  `<label for="service">Pelayanan tim kami</label><select id="service">${STARS}</select>` +
  '<label for="comment">Komentar (boleh kosong)</label><textarea id="comment" rows="4" maxlength="1000"></textarea>' +
  '<button>Kirim penilaian</button></form><p id="m" role="status"></p>';
const SCRIPT =
  "const f=document.getElementById('f'),m=document.getElementById('m'),v=i=>document.getElementById(i).value;" +
  "f.addEventListener('submit',async e=>{e.preventDefault();m.textContent='Mengirim…';try{" +
  "const r=await fetch(location.pathname,{method:'POST',headers:{'content-type':'application/json'}," +
  "body:JSON.stringify({technician:+v('technician'),service:+v('service'),comment:v('comment')})});const j=await r.json();" +
  "if(r.ok){f.remove();m.textContent='Terima kasih atas penilaian Anda.'}else m.textContent=j.error.message" +
  "}catch{m.textContent='Penilaian belum terkirim. Coba lagi sebentar.'}});";

export const ratingPage = fileRoute({
  path: '/r/:token',
  name: 'openRating',
  tag: TAG,
  summary: 'The page on which a customer rates a job',
  description: 'HTML, in Indonesian. Opening it changes nothing: messengers look at every link.',
  access: 'public',
  admit: admitLink,
  params,
  errors: ['RATING_NOT_FOUND', 'ALREADY_RATED', 'RATING_EXPIRED', 'RATE_LIMITED', 'STORE_UNAVAILABLE'],
  examples: { token: '0123456789abcdef0123456789abcdef' },
  send: ({ params: { token }, req, context }, res) =>
    pageOrEnvelope(req, res, 'Penilaian', async () => {
      const found = await context.commands.handler.load(rating, await jobBehind(context, token));
      if (found.status === 'absent') throw new HttpError('RATING_NOT_FOUND');
      if (found.status === 'rated') throw new HttpError('ALREADY_RATED');
      if (context.clock.now().getTime() >= Date.parse(found.request.expiresAt))
        throw new HttpError('RATING_EXPIRED');
      sendPage(res, { title: 'Beri penilaian', body: FORM, script: SCRIPT });
    }),
});

export const rateJob = route({
  method: 'post',
  path: '/r/:token',
  name: 'rateJob',
  tag: TAG,
  summary: 'Rate a job',
  description:
    'Once, within 14 days; by who has the link. From a browser in which the technician is signed in it is kept and not counted, and ' +
    'the customer may still rate.',
  access: 'public',
  admit: admitLink,
  params,
  body: rateJobInput,
  status: 201,
  data: z.strictObject({ rated_at: time }),
  errors: [
    ...['RATING_NOT_FOUND', 'ALREADY_RATED', 'RATING_EXPIRED', 'RATE_LIMITED', 'STORE_UNAVAILABLE'],
    ...['RECORD_NEEDS_ATTENTION', 'BUSY'],
  ] as ErrorCode[],
  examples: { token: '0123456789abcdef0123456789abcdef' },
  async handle({ params: { token }, body, info, req, context }) {
    const jobId = await jobBehind(context, token);
    const signedIn = technicianOfCookie(context.blindIndex, req);
    const { rated_at } = await context.commands.ratings.rate(jobId, body, info.id, signedIn);
    return { data: { rated_at } };
  },
});
