// A manifest as a checkpoint of LangGraph: the handler is the thread, its version the checkpoint.

/** @param {import('@langchain/langgraph-checkpoint').BaseCheckpointSaver} saver */
export function checkpoints(saver) {
  const answer = async (configurable) =>
    (await saver.getTuple({ configurable: { checkpoint_ns: '', ...configurable } }))?.checkpoint
      .channel_values.manifest;
  return {
    write: (record) => {
      const versions = { manifest: record.version };
      const checkpoint = {
        v: 4,
        id: checkpointId(record.version),
        ts: new Date(record.createdAt).toISOString(),
        channel_values: { manifest: record },
        channel_versions: versions,
        versions_seen: {},
      };
      const config = { configurable: { thread_id: record.handlerId, checkpoint_ns: '' } };
      return saver.put(config, checkpoint, { source: 'update', step: 0, parents: {} }, versions);
    },
    read: (handlerId, version) => answer({ thread_id: handlerId, checkpoint_id: checkpointId(version) }),
  };
}

/** The latest checkpoint is the one whose id is the last as text. */
function checkpointId(version) {
  return version
    .split('.')
    .map((part) => part.padStart(8, '0'))
    .join('.');
}
