/** What the file system in memory asks of its process. The real one would ask the runtime, which refuses. */
export const memoryProcess = {
  cwd: () => '/tmp',
  platform: 'linux',
  env: {},
  emitWarning: () => undefined,
  getuid: () => 1000,
  getgid: () => 1000,
}
