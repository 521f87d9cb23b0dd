// tries: to reach what is beneath the built-in modules
// must: refused
const attempts = [
  async () => process.binding('process_wrap').Process && 'binding',
  async () => Deno[Deno.internal] && 'internal',
  async () => Object.getOwnPropertySymbols(Deno).map((s) => Deno[s]?.core).find(Boolean) && 'core',
  async () => globalThis.__bootstrap && 'bootstrap',
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  return { escaped }
}
