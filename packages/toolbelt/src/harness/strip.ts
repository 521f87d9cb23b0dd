/** Globals that are removed: shared storage, threads, prompts, the runtime's internal object. */
const REMOVED = [
  'Worker',
  'SharedWorker',
  'BroadcastChannel',
  'localStorage',
  'sessionStorage',
  'caches',
  'EventSource',
  'WebSocketStream',
  'WebTransport',
  'alert',
  'confirm',
  'prompt',
]

/** Removes what the runtime's permissions do not cover, before customer code runs. */
export function strip(log: (level: 'Info' | 'Error', text: string) => void): void {
  const runtime = Reflect.get(globalThis, 'Deno') as Record<PropertyKey, unknown>
  const internal = runtime['internal']
  if (typeof internal === 'symbol') Reflect.deleteProperty(runtime, internal)
  // The built-in modules need the object itself, but its pipes belong to the harness.
  const streams = { stdout: sink('Info'), stderr: sink('Error'), stdin: { read: async () => null } }
  for (const [name, value] of Object.entries(streams)) {
    Object.defineProperty(runtime, name, { value, configurable: true })
  }
  Reflect.deleteProperty(Object.getPrototypeOf(navigator) as object, 'gpu')
  for (const name of REMOVED) Reflect.deleteProperty(globalThis, name)

  function sink(level: 'Info' | 'Error') {
    const writeSync = (bytes: Uint8Array) => {
      log(level, new TextDecoder().decode(bytes))
      return bytes.length
    }
    return { writeSync, write: async (bytes: Uint8Array) => writeSync(bytes) }
  }
}
