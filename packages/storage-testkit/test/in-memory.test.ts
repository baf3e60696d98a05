import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';

describeConformance('in-memory storage', {
  create: (_, options) => createInMemoryStorage(options),
  honours: ['historyLimit', 'maxRecordBytes'],
});
