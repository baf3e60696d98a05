/**
 * What a store of version 4 has beside version 3: its records by position, which the order of an iteration goes by. Without
 * that, all keys of a kind are gone through before the first of its records is there, and again for each part of them. A record
 * that is replaced keeps its position, so only new ones are entered, always at the end.
 */
export const STEP_4 = `
CREATE INDEX manifests_by_position ON manifests_by_key (position);
CREATE INDEX hook_manifests_by_position ON hook_manifests_by_key (position);
CREATE INDEX gtypes_by_position ON gtypes_by_key (position);
CREATE INDEX transformers_by_position ON transformers_by_key (position);
CREATE INDEX version_graphs_by_position ON version_graphs_by_key (position);
CREATE INDEX timescape_metadata_by_position ON timescape_metadata_by_key (position);
`;
