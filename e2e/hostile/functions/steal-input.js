// tries: to see what the server sends, in what the harness might read it with
// must: contained
const seen = []
const { getBuiltinModule } = process
function watch(owner, names) {
  for (const name of names) {
    const original = owner?.[name]
    if (typeof original !== 'function') continue
    owner[name] = function (...given) {
      if ([this, ...given].some((one) => one instanceof ArrayBuffer || ArrayBuffer.isView(one))) seen.push(name)
      return original.apply(this, given)
    }
  }
}
watch(ArrayBuffer.prototype, ['transfer', 'transferToFixedLength', 'slice', 'resize'])
watch(Object.getPrototypeOf(Uint8Array.prototype), ['set', 'copyWithin', 'subarray', 'slice'])
watch(getBuiltinModule('net').Socket.prototype, ['read', '_read', 'push', 'emit', 'on', 'resume'])
watch(getBuiltinModule('stream').Readable.prototype, ['read', 'push', 'emit', 'unshift'])
watch(getBuiltinModule('events').EventEmitter.prototype, ['emit'])
Object.defineProperty(Object.prototype, 'onread', { configurable: true, set: () => seen.push('onread') })
const resources = [...(process._getActiveHandles?.() ?? [])]
const hooks = getBuiltinModule('async_hooks')
try { hooks.createHook({ init: (id, type, trigger, resource) => resources.push(resource) }).enable() } catch {}
async function lambda() {
  const secrets = require('lp-faas-toolbelt').Toolbelt.SecretClient()
  for (let n = 0; n < 3; n += 1) await secrets.readSecret('none').catch(() => undefined)
  resources.push(hooks.executionAsyncResource(), ...(process._getActiveHandles?.() ?? []), ...(process._getActiveRequests?.() ?? []))
  const pipes = resources.filter((one) => one?.onread ?? one?._handle ?? one?.readStart)
  return { escaped: [...seen, ...pipes.map(String)] }
}
