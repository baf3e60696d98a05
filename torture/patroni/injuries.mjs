/** What takes a primary away. Each resolves with what brings its machine back, when another one has taken over. */
export const INJURIES = {
  'machine crashed': async (_, primary) => {
    await primary.kill();
    return () => primary.start();
  },
  'server crashed': async (_, primary) => {
    primary.killPostgres();
    return () => {};
  },
  'switched over': async (cluster, primary) => {
    await cluster.switchOver(primary);
    return () => {};
  },
  'machine hung': async (_, primary) => {
    primary.freeze();
    return () => primary.thaw();
  },
};
