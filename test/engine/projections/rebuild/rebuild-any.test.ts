import { expect } from 'chai';
import { createBulk } from '../../../../src/adapters/postgres/bulk.ts';
import { decode, encode, type Recorded } from '../../../../src/domain/codec.ts';
import { inboxBulk } from '../../../../src/projections/tickets/inbox-bulk.ts';
import { inboxView } from '../../../../src/projections/tickets/inbox-view.ts';
import { erasable } from '../../../../src/projections/erasure/erasable-view.ts';
import { dropLeftovers, leftovers } from '../../../../src/engine/projections/rebuild/leftovers.ts';
import { FULL_SPEED } from '../../../../src/engine/projections/rebuild/pace.ts';
import {
  lockView,
  type RebuildParts,
  rebuildViews,
} from '../../../../src/engine/projections/rebuild/rebuild.ts';
import { verifyViews } from '../../../../src/engine/projections/rebuild/verify.ts';
import type { View } from '../../../../src/engine/projections/view.ts';
import { createViews } from '../../../../src/projections/views.ts';
import { anyHistory } from '../../../projections/any-history.ts';
import { type Desk, openDesk, opening, uuid } from '../../../projections/desk.ts';

describe('rebuilding from everything that can happen', function () {
  this.timeout(120_000);
  let desk: Desk;
  const parts = (): RebuildParts => ({
    store: desk.store,
    bulk: createBulk({ url: desk.url, logger: desk.logger }),
    write: desk.postgres.writes,
    decode,
    pace: FULL_SPEED,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const differences = async (views: readonly View[]) =>
    (await verifyViews(parts(), views)).flatMap((one) => one.differences);

  before(async () => {
    desk = await openDesk();
    const history = anyHistory(7);
    const isErasure = ({ type }: Recorded): boolean => type === 'CustomerErased';
    // Nobody writes to or as a customer who was erased; what follows is somebody else's.
    const events = [...history.filter((event) => !isErasure(event)), ...history.filter(isErasure)];
    expect(events.some(isErasure)).to.equal(true);
    for (const event of events) await desk.appendRaw(event.stream, [encode(event, event.id, event.metadata)]);
    await desk.append(...opening(uuid(55), 'savi'));
    await desk.settled();
  });
  after(() => desk.close());

  it('verify finds nothing: blasts, exports, erasures, nights and all the rest', async () => {
    const [counted] = await desk.rows<{ answered: number; recommended: number }>(
      `select (select count(*) from read.blast_recipients where responded_at is not null)::int as answered,
  (select count(*) from read.followup_recs)::int as recommended`,
    );
    expect(counted?.answered).to.be.greaterThan(0);
    expect(counted?.recommended).to.be.greaterThan(0);
    expect(await differences(createViews())).to.deep.equal([]);
  });

  it('the inbox is the same in bulk, in several passes, and batch by batch, also after an erasure', async () => {
    const [wiped] = await desk.rows<{ n: number }>(
      `select count(*)::int as n from read.tickets where card->>'customer_name' is null`,
    );
    expect(wiped?.n).to.be.greaterThan(0);
    const { bulk, ...steady } = inboxView();
    expect(bulk).to.be.a('function');
    for (const view of [inboxView(), { ...inboxView(), bulk: () => inboxBulk(3) }, steady])
      expect(await differences([erasable(view)])).to.deep.equal([]);
    const inbox = createViews().filter(({ name }) => name === 'inbox');
    await rebuildViews(parts(), inbox);
    expect(await differences(inbox)).to.deep.equal([]);
  });

  it('finds what a killed rebuild left behind, and drops it unless somebody works in it', async () => {
    const write = desk.postgres.writes;
    expect(await leftovers(write)).to.deep.equal([]);
    for (const schema of ['rebuild_inbox', 'rebuild_crm_old', 'verify_messages_l1'])
      await desk.rows(`create schema ${schema}`);
    await desk.rows('create table verify_messages_l1.messages_l1 (content text)');
    const session = await parts().bulk.open();
    try {
      await lockView(session, 'inbox');
      expect(await leftovers(write)).to.deep.equal(['rebuild_crm_old', 'verify_messages_l1']);
      expect(await dropLeftovers(write)).to.deep.equal(['rebuild_crm_old', 'verify_messages_l1']);
    } finally {
      await session.close();
    }
    expect(await dropLeftovers(write)).to.deep.equal(['rebuild_inbox']);
    expect(await leftovers(write)).to.deep.equal([]);
  });
});
