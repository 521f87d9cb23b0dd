/** What a function has no business with: shared storage, threads, prompts, the runtime's own door. */
const REMOVED = [
  'Deno',
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

/** Takes away what the permission layer does not cover, before customer code runs. */
export function strip(): void {
  const runtime: Record<PropertyKey, unknown> = Reflect.get(globalThis, 'Deno')
  const internal = runtime['internal']
  if (typeof internal === 'symbol') Reflect.deleteProperty(runtime, internal)
  Reflect.deleteProperty(Object.getPrototypeOf(navigator) as object, 'gpu')
  for (const name of REMOVED) Reflect.deleteProperty(globalThis, name)
}
