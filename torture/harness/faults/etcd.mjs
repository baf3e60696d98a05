// What happens to an etcd of three members while clients use it.
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds: longer than members wait before they elect another leader, and shorter than clients try. */
const AWAY = 2_000;

/** @param {import('../../../test/support/etcd/cluster.mjs').EtcdCluster} cluster */
export function etcdFaults(cluster) {
  const later = (injure) => async (clients, random) => {
    await random.pick(clients).answered(random.below(100));
    await injure(random);
  };
  const places = cluster.members.map((_, index) => index);
  return {
    'a member is killed': later((random) => killed(cluster, [random.pick(places)])),
    'the leader is killed': later(async () => killed(cluster, [await cluster.leader()])),
    'there is no quorum': later(async () => {
      const leader = await cluster.leader();
      await killed(cluster, [leader, places.find((place) => place !== leader)]);
    }),
    'a member hangs': later((random) => hung(random.pick(cluster.members))),
    'the leader hangs': later(async () => hung(cluster.members[await cluster.leader()])),
    'clients hear nothing of a member': later(async (random) => {
      const clients = cluster.clientsOf(random.pick(places));
      clients.hush();
      await pause(AWAY);
      clients.speak();
    }),
    'connections to all members are cut': later(() => cutOff(cluster)),
    'the leader is parted from the others': later(async () => {
      await cluster.part(await cluster.leader());
      await pause(AWAY);
      cluster.heal();
    }),
    'what was is compacted, and files are defragmented': later(() => cluster.tidyUp()),
    'a member is replaced': later((random) => cluster.replace(random.pick(places))),
    'the leader hands over': later(() => cluster.handOver()),
  };
}

async function killed(cluster, indices) {
  const members = indices.map((index) => cluster.members[index]);
  await Promise.all(members.map((member) => member.kill()));
  await pause(AWAY / 2);
  for (const member of members) member.start();
  await cluster.ready();
}

async function hung(member) {
  member.pause();
  await pause(AWAY);
  member.resume();
}

/** Five times, as a connection that is made anew may be met as well. */
export async function cutOff(cluster) {
  for (let i = 0; i < 5; i += 1) {
    for (const [index, { port }] of cluster.members.entries()) {
      cluster.clientsOf(index).cut();
      cluster.clientsOf(index).redirect(port);
    }
    await pause(50);
  }
}
