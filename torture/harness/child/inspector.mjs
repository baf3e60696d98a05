// Tells all that a store holds, in a process of its own, and what its database says of itself. It may use another
// backend than those that wrote.
//
// Usage: node inspector.mjs <settings as JSON>, with a pipe for what it tells as descriptor 3.
import { BACKENDS } from '../backends.mjs';
import { inspect } from './inspect.mjs';
import { errorForm, report } from './report.mjs';

const { backend, place, after, options = {} } = JSON.parse(process.argv[2]);
process.on('unhandledRejection', (error) => report({ failed: errorForm(error) }));
const { create, integrity } = BACKENDS[backend];
const storage = await create(place, options);
try {
  await inspect(storage, after);
  await storage.close();
  const found = (await integrity?.(place)) ?? 'ok';
  if (found !== 'ok') report({ failed: { message: `integrity_check says ${found}` } });
} catch (error) {
  report({ failed: errorForm(error) });
}
process.exit();
