// Opens a store at the moment that it is told to, and writes to it.
import { createPostgresStorage } from '@gati-framework/storage-postgres';

const [connectionString, schema, name] = process.argv.slice(2);
const storage = createPostgresStorage({ connectionString, schema });
process.once('message', async () => {
  try {
    const revision = await storage.commit([{ put: 'gtype', value: { ref: name, kind: 'object' } }]);
    await storage.close();
    process.send({ revision }, () => process.exit());
  } catch (error) {
    process.send({ error: String(error) }, () => process.exit());
  }
});
process.send('ready');
