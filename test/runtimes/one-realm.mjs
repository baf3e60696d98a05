// In place of node:vm: workerd has one realm and evaluates nothing, so this is made here.
export function runInNewContext() {
  return { a: [1, { b: 'c' }], at: new Date(7), m: new Map([[1, [2]]]) };
}
