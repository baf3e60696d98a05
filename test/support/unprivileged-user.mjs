import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** Who runs servers that refuse to run as root: as root the user `postgres`, who is made when missing; else nobody else. */
export function unprivilegedUser() {
  if (userInfo().uid !== 0) return {};
  const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  if (spawnSync('id', ['postgres'], { stdio: 'ignore' }).status !== 0) {
    spawnSync('groupadd', ['postgres']);
    spawnSync('useradd', ['-g', 'postgres', 'postgres']);
  }
  return { uid: id('-u'), gid: id('-g') };
}
