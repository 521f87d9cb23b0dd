// tries: to share state with other functions
// must: refused
const attempts = [
  async () => localStorage.setItem('x', '1') ?? localStorage.getItem('x'),
  async () => caches.open('x').then(() => 'opened'),
  async () => Deno.openKv().then(() => 'opened'),
  async () => new (process.getBuiltinModule('sqlite').DatabaseSync)('/tmp/hostile.db') && 'opened',
  async () => new BroadcastChannel('x') && 'opened',
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
