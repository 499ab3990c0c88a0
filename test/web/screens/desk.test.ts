/** What agents do all day, in a real browser against the real program: the inbox, the ticket, writing, and the network that goes. */
import { acceptance } from './acceptance.ts';
import { offline } from './offline.ts';
import { World } from './world.ts';
import { writing } from './writing.ts';

describe('the desk in a browser', function () {
  this.timeout(180_000);
  const world = new World();
  before(async function () {
    await world.start(this);
    await world.app.post('/api/admin/tags', { name: 'penting', color: '#B42318' }, 'sa');
  });
  after(() => world.stop());
  afterEach(function () {
    return world.tell(this);
  });

  acceptance(world);
  writing(world);
  offline(world);
});
