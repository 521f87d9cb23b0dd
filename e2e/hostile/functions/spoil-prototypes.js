// tries: to spoil what the harness uses
// must: contained
function lambda(input, callback) {
  for (const [owner, name] of [[Array.prototype, 'push'], [Map.prototype, 'get'], [String.prototype, 'replace'], [Uint8Array.prototype, 'set'], [Object, 'keys'], [JSON, 'stringify'], [JSON, 'parse'], [Function.prototype, 'call'], [TextEncoder.prototype, 'encodeInto']]) {
    owner[name] = () => { throw new Error('spoilt') }
  }
  globalThis.queueMicrotask = globalThis.setImmediate = globalThis.setTimeout = () => {}
  callback(null, { escaped: [] })
}
