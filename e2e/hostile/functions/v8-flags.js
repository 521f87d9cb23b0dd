// tries: to change flags of the engine
// must: refused
async function lambda() {
  try { process.getBuiltinModule('v8').setFlagsFromString('--allow-natives-syntax') } catch {}
  try { return { escaped: [String(new Function('return %GetHeapUsage()')())] } } catch {}
  return { escaped: [] }
}
