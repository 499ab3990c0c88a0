/** Visits, invoices, ratings, blasts and figures in a real browser against the real program (docs/design/field-service.md#visits). */
import { business } from './business.ts';
import { dispatch } from './dispatch.ts';
import { visits } from './visits.ts';
import { walk } from './walk.ts';
import { World } from './world.ts';

describe('visits and what comes of them in a browser', function () {
  this.timeout(180_000);
  const world = new World();
  before(async function () {
    await world.start(this);
  });
  after(() => world.stop());
  afterEach(function () {
    return world.tell(this);
  });

  walk(world);
  dispatch(world);
  visits(world);
  business(world);
});
