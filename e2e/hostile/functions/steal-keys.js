// tries: to catch the key that proves an answer
// must: contained
const seen = []
const { set, subarray, slice } = Uint8Array.prototype
for (const name of ['set', 'subarray', 'slice']) {
  const original = { set, subarray, slice }[name]
  Uint8Array.prototype[name] = function (...given) { if (this.length < 64) seen.push([...this]); return original.apply(this, given) }
}
const { get } = Map.prototype
Map.prototype.get = function (key) { const value = get.call(this, key); if (value?.key) seen.push(value.key); return value }
const { run } = require('async_hooks').AsyncLocalStorage.prototype
require('async_hooks').AsyncLocalStorage.prototype.run = function (store, ...rest) { if (store?.key) seen.push(store.key); return run.call(this, store, ...rest) }
let calls = 0
async function lambda() {
  calls += 1
  await new Promise((done) => setTimeout(done, 10))
  return { escaped: seen.filter((bytes) => bytes.length === 12) }
}
