/**
 * What a store of version 5 has beside version 4: a digest of what the last change of a commit tells of it, which nothing else
 * could prove. Commits of before have none.
 */
export const STEP_5 = `
ALTER TABLE changes ADD COLUMN commit_digest INTEGER;
`;
