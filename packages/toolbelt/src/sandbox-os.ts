import type * as os from 'node:os'

const MEMORY_BYTES = 268_435_456

/** `os` as an instance is: what tells of the machine, which the runtime refuses, tells of the instance. */
export function sandboxOs(builtin: typeof os): object {
  const used = () => process.memoryUsage().rss
  return {
    ...builtin,
    availableParallelism: () => 1,
    cpus: () => [{ model: '', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } }],
    freemem: () => Math.max(0, MEMORY_BYTES - used()),
    getPriority: () => 0,
    homedir: () => builtin.tmpdir(),
    hostname: () => 'function',
    loadavg: () => [0, 0, 0],
    networkInterfaces: () => ({}),
    release: () => '',
    totalmem: () => MEMORY_BYTES,
    uptime: () => process.uptime(),
    userInfo: () => ({
      uid: 1000,
      gid: 1000,
      username: 'function',
      homedir: builtin.tmpdir(),
      shell: null,
    }),
    version: () => '',
  }
}
