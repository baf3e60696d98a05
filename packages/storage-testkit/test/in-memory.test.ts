import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { describeConformance } from '@gati-framework/storage-testkit/vitest';

describeConformance('in-memory storage', {
  create: (_, { historyLimit, historyAge, ...options }) =>
    createInMemoryStorage({
      ...options,
      history: {
        ...(historyLimit !== undefined && { changes: historyLimit }),
        ...(historyAge !== undefined && { age: historyAge }),
      },
    }),
  honours: ['historyLimit', 'historyAge', 'maxRecordBytes'],
});
